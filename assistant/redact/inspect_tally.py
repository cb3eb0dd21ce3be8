"""Keep what an inspection finds: leaks and notes joined by place, and how each check went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.document import Box
from assistant.redact.inspect_report import Check, Leak, Note, State, words
from assistant.redact.marks import Secret

_MOST_TEXT = 2000  # characters of recovered text kept at one place
_MOST_PLACES = 2000  # a file with more is told by its first


class Tally:
    """Filled by the steps of an inspection, in any order."""

    def __init__(self, secrets: Sequence[Secret] = ()) -> None:
        self._secrets = tuple(secrets)
        self._leaks: dict[tuple[object, ...], Leak] = {}
        self._notes: dict[tuple[object, ...], Note] = {}
        self._states: dict[str, tuple[State, str]] = {}
        self._counts: dict[str, Counter[str]] = {}

    def leaks(self, check: str, found: Counter[int], place: str, page: int | None = None) -> None:
        """Secrets that were found, by number (from 0) and how often."""
        for number, count in found.items():
            secret = self._secrets[number]
            self.leak(
                Leak(
                    check=check,
                    place=place,
                    page=page,
                    finding=secret.finding,
                    secret=number + 1,
                    count=count,
                )
            )

    def leak(self, leak: Leak) -> None:
        """One more leak; of one place and secret only the number grows."""
        key = (leak.check, leak.place, leak.page, leak.finding, leak.secret, leak.box)
        before = self._leaks.get(key)
        if before is not None:
            leak = replace(before, count=before.count + leak.count)
        if before is not None or len(self._leaks) < _MOST_PLACES:
            self._leaks[key] = replace(leak, text=leak.text[:_MOST_TEXT])

    def note(
        self,
        check: str,
        place: str,
        page: int | None = None,
        *,
        count: int = 1,
        text: str = "",
        box: Box | None = None,
    ) -> None:
        """One more thing a person should know."""
        key = (check, place, page, box)
        before = self._notes.get(key)
        count += before.count if before else 0
        if before is not None or len(self._notes) < _MOST_PLACES:
            kept = (before.text if before else "") or text[:_MOST_TEXT]
            self._notes[key] = Note(check=check, place=place, page=page, count=count, text=kept, box=box)

    def ran(self, check: str, **counts: int) -> None:
        """A check was carried through, over so many things."""
        self._states.setdefault(check, (State.PASSED, ""))
        self._counts.setdefault(check, Counter()).update(counts)

    def not_run(self, check: str, why: str) -> None:
        """A check does not apply, or lacks its means."""
        self._states.setdefault(check, (State.NOT_RUN, why))

    def unfinished(self, check: str, why: str) -> None:
        """A check could not be carried through."""
        self._states[check] = (State.UNFINISHED, why)

    def checks(self) -> tuple[Check, ...]:
        """Every check that was told of, in the order of inspect.toml."""
        failed = {leak.check for leak in self._leaks.values()}
        told = []
        for code in words():
            if code not in self._states and code not in failed:
                continue
            state, why = self._states.get(code, (State.PASSED, ""))
            if code in failed:
                state = State.FAILED
            counts = tuple(sorted(self._counts.get(code, Counter()).items()))
            told.append(Check(code=code, state=state, why=why, counts=counts))
        return tuple(told)

    @property
    def all_leaks(self) -> tuple[Leak, ...]:
        """In the order of the checks, then of the pages."""
        order = {code: at for at, code in enumerate(words())}
        return tuple(sorted(self._leaks.values(), key=lambda one: (order[one.check], one.page or 0)))

    @property
    def all_notes(self) -> tuple[Note, ...]:
        """The same for notes."""
        order = {code: at for at, code in enumerate(words())}
        return tuple(sorted(self._notes.values(), key=lambda one: (order[one.check], one.page or 0)))
