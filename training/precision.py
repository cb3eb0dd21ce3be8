"""Measure how often each rule of the sample city is right on the worked passages: `python -m training.precision`.

A finding counts as right when most of its letters have the decision the rule gave (*depends* is *ask*). Findings on
text that is under no mark are not counted: nobody has said what they should be. The second detector is off.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable

from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.detect.words import load_words
from assistant.documents.text import of_passage
from assistant.domain.finding import Finding
from assistant.policy.judge import judge_by_policy
from assistant.policy.precision import FILE
from assistant.settings import read_settings
from assistant.wiring import Assistant, build
from training.worked import Worked, all_worked

FEWEST = 10
"""Fewer findings than these say nothing about a rule."""
_GOLD = {"withhold": "withhold", "depends": "ask", "disclose": "disclose"}


def counted(passages: Iterable[Worked], assistant: Assistant) -> dict[str, Counter[bool]]:
    """How often each rule was right and wrong."""
    detector = Detector(load_words())
    day = assistant.corpus.ordinance.in_force_dates[-1]
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    for worked in passages:
        document = of_passage(worked.text)
        facts = read_together(document, [detector.detect(page) for page in document.pages])
        for finding in judge_by_policy(document, facts, (), assistant.policy, assistant.corpus, day):
            gold = _gold(finding, worked)
            rule = next(name for name in finding.found_by if name.startswith("policy:"))
            if gold:
                counts[rule.removeprefix("policy:")][gold == finding.decision] += 1
    return counts


def _gold(finding: Finding, worked: Worked) -> str | None:
    """The decision marked for most of a finding's letters, None where most are under no mark."""
    letters: Counter[str | None] = Counter()
    for extent in finding.extents:
        for place in range(extent.start, extent.end):
            if worked.text[place].isalnum():
                marks = (mark.decision for mark in worked.marks if mark.start <= place < mark.end)
                letters[_GOLD.get(next(marks, ""))] += 1
    return letters.most_common(1)[0][0] if letters else None


def main() -> int:
    """Measure and write."""
    assistant = build(read_settings(city="mihon", ner="off"))
    passages = list(all_worked())
    counts = counted(passages, assistant)
    rules = {
        rule: [round(count[True] / count.total(), 2), count.total()]
        for rule, count in sorted(counts.items())
        if count.total() >= FEWEST
    }
    table = {"policy": assistant.policy.title, "passages": len(passages), "rules": rules}
    FILE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(rules)} rules measured on {len(passages)} passages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
