"""Acts in any order against a model of four lines: a stack of what was done."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from review_sample import FINDINGS, HANAKO, PERSONAL, TEXT, desk_at, proposal

from assistant.domain.document import Extent
from assistant.domain.finding import Decision
from assistant.errors import ReviewRefused

IDS = st.lists(st.sampled_from([f.id for f in FINDINGS]), min_size=1, max_size=3, unique=True)
ONE = st.sampled_from([f.id for f in FINDINGS])
ASKS = {f.id for f in FINDINGS if f.decision is Decision.ASK}
SUPPORTED = {"w1", "w2", "a1", "d1", "d2"}
State = dict[str, tuple[str, str]]  # finding → decision, state ("" undecided)


class Acts(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.desk, self.store = desk_at(Path(self.folder.name))
        self.case = self.desk.open_case(HANAKO, "passage", "題", proposal())
        self.past: list[State] = [{f.id: (f.decision.value, "") for f in FINDINGS}]
        self.own: list[set[str]] = [set()]  # whose ground a reviewer has written
        self.events = 1

    @property
    def now(self) -> State:
        return self.past[-1]

    def done(self, new: State) -> None:
        self.past.append(new)
        self.own.append(set(self.own[-1]))
        self.events += 1

    def allowed(self, ids: list[str]) -> bool:
        return len(ids) == 1 or not any(self.now[i][0] == "ask" for i in ids)

    @rule(ids=IDS)
    def confirm(self, ids: list[str]) -> None:
        fine = (
            self.allowed(ids)
            and all(self.now[i][1] in {"", "rejected"} for i in ids)
            and all(i in SUPPORTED | self.own[-1] or self.now[i][0] == "disclose" for i in ids)
        )
        try:
            self.desk.confirm(self.case.id, HANAKO, ids)
        except ReviewRefused:
            assert not fine
        else:
            assert fine
            self.done(self.now | {i: (self.now[i][0], "confirmed") for i in ids})

    @rule(ids=IDS)
    def reject(self, ids: list[str]) -> None:
        fine = self.allowed(ids) and all(
            self.now[i][0] != "disclose" and self.now[i][1] != "rejected" for i in ids
        )
        try:
            self.desk.reject(self.case.id, HANAKO, ids)
        except ReviewRefused:
            assert not fine
        else:
            assert fine
            self.done(self.now | {i: (self.now[i][0], "rejected") for i in ids})

    @rule(one=ONE, decision=st.sampled_from(Decision))
    def change(self, one: str, decision: Decision) -> None:
        wish = {"decision": decision, "ground": PERSONAL, "why": "自分の根拠"}
        self.desk.change(self.case.id, HANAKO, one, despite=["open", "head", "wide"], **wish)
        self.done(self.now | {one: (decision.value, "changed")})
        self.own[-1].add(one)

    @rule(start=st.integers(0, 5))
    def add(self, start: int) -> None:
        extents = [Extent(page=1, start=start, end=start + 2)]
        before = len(self.now)
        try:
            after = self.desk.add(self.case.id, HANAKO, extents=extents, decision=Decision.DISCLOSE)
        except ReviewRefused:
            assert f"+{start}" in {key.split(":")[0] for key in self.now}
        else:
            assert len(after.findings) == before + 1
            new_id = next(f.id for f in after.findings if f.id not in {k.split(":")[-1] for k in self.now})
            self.done(self.now | {f"+{start}:{new_id}": ("disclose", "confirmed")})

    @rule()
    def settle_rest(self) -> None:
        rest = [i for i, (decision, state) in self.now.items() if decision == "disclose" and not state]
        try:
            self.desk.settle_rest(self.case.id, HANAKO)
        except ReviewRefused:
            assert not rest
        else:
            self.done(self.now | dict.fromkeys(rest, ("disclose", "confirmed")))

    @rule()
    def undo(self) -> None:
        act = self.desk.undo(self.case.id, HANAKO)
        assert (act is None) == (len(self.past) == 1)
        if act is not None:
            self.past.pop()
            self.own.pop()
            self.events += 1

    @invariant()
    def the_record_says_what_was_done(self) -> None:
        if not hasattr(self, "desk"):
            return
        case = self.desk.case(self.case.id, HANAKO)
        told = {f.id: (f.decision.value, f.decided.state if f.decided else "") for f in case.findings}
        assert told == {key.split(":")[-1]: value for key, value in self.now.items()}
        assert all(f.text == TEXT[f.extents[0].start : f.extents[0].end] for f in case.findings)
        report = self.desk.verify_chain()
        assert (report.ok, report.events) == (True, self.events)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestActs = Acts.TestCase
TestActs.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
