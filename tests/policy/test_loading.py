"""What the loader refuses, with the line and what to do; and that the shipped policies are sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind
from assistant.errors import DataFileError
from assistant.policy.load import DEFAULT_POLICY, load_policy
from assistant.policy.rules import Condition, Policy

HEAD = 'format = 1\ntitle = "試験の基準"\nextends = "default"\n'
RULE = """
[[rule]]
id = "mine"
kinds = ["age"]
decision = "withhold"
why = "年齢は個人の情報である。"
grounds = [{ head = "個人" }]
reason = "年齢であるため、{provision}に該当する。"
"""

REFUSED = [
    # a kind that does not exist
    (RULE.replace('"age"', '"ages"'), "決められた語"),
    # a trait that does not exist
    (RULE + 'all = ["officer"]\n', "決められた語"),
    # a misspelt field
    (RULE + 'resaon = "x"\n', "「resaon」"),
    # a decision that does not exist
    (RULE.replace('"withhold"', '"hide"'), "決められた語"),
    # a head that no ordinance has
    (RULE.replace("個人", "秘密"), "決められた語"),
    # a head this ordinance lacks: never skipped over in a city's own file
    (RULE.replace('head = "個人"', 'head = "国等協力"'), "この自治体の条例にありません"),
    # asking without the question that settles it
    (RULE.replace('"withhold"', '"ask"'), "何を確かめるか"),
    # a question where nothing is asked
    (RULE + 'to_find_out = "何歳か。"\n', "to_find_out"),
    # withholding without a reason for the notice
    (RULE.replace("年齢であるため、{provision}に該当する。", ""), "通知書の理由"),
    # withholding on nothing
    (RULE.replace('[{ head = "個人" }]', "[]"), "根拠がありません"),
    # a slot nobody fills
    (RULE.replace("{provision}", "{clause}"), "差し込み「clause」"),
    # a slot that is not closed
    (RULE.replace("{provision}", "{provision"), "差し込み「{」"),
    # a slot with a format, which would reach into the object
    (RULE.replace("{provision}", "{provision!r}"), "差し込み「provision」"),
    # a number in place of a slot's name
    (RULE.replace("{provision}", "{0}"), "差し込み「0」"),
    # harm is spoken of and not given
    (RULE.replace("{provision}", "{harm}"), "harm がありません"),
    # a section the handbook does not have
    (RULE + 'cite = ["第1章"]\n', "手引の見出し"),
    # a walk-through that does not exist
    (RULE.replace('head = "個人"', 'head = "個人", walk = "nowhere"'), "ただし書の検討「nowhere」"),
    # a walk-through of another head
    (RULE.replace('head = "個人"', 'head = "個人", walk = "corporate_closed"'), "「corporate_closed」"),
    # a condition that cannot hold
    (RULE + 'all = ["official"]\nnone = ["official"]\n', "求めつつ除いて"),
    # the same rule twice
    (RULE + RULE, "二つあります"),
    # a rule that an earlier one has made idle
    (RULE + RULE.replace('"mine"', '"later"') + 'all = ["official"]\n', "先に当てはまる"),
    # the same, hidden by a wider word of the field
    (
        RULE + 'labels = ["年齢"]\n' + RULE.replace('"mine"', '"later"') + 'labels = ["満年齢"]\n',
        "先に当てはまる",
    ),
    # an exception that this city does not have
    (
        '[[walk]]\nid = "w"\nhead = "個人"\notherwise = "確かめる。"\n'
        'stances = [{ role = "公領域・慣行", applies = true, why = "公である。", key = "none_such" }]\n'
        + RULE,
        "city.toml",
    ),
    # two walk-throughs of one name
    (2 * '[[walk]]\nid = "w"\nhead = "個人"\notherwise = "確かめる。"\n' + RULE, "重なって"),
    # not TOML
    (RULE + "harm = 年齢\n" + RULE, "TOML"),
]


@pytest.mark.parametrize(("text", "says"), REFUSED)
def test_what_is_not_understood_is_refused(city: Corpus, tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(DataFileError, match=says) as caught:
        load_policy(path, city)
    assert caught.value.line is not None
    assert "policy.toml" in str(caught.value)
    assert str(caught.value).endswith("。")


def test_the_line_is_that_of_the_rule(city: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    text = (
        HEAD
        + RULE
        + RULE.replace('"mine"', '"second"').replace('"age"', '"sex"').replace("{provision}", "{x}")
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_policy(path, city)
    assert caught.value.line is not None
    assert text.split("\n")[caught.value.line - 1] == "[[rule]]"
    assert caught.value.line > text.split("\n").index("[[rule]]") + 1


def test_a_policy_that_leaves_a_kind_unanswered_is_refused(city: Corpus, tmp_path: Path) -> None:
    """Without extends, a file must close every kind itself."""
    path = tmp_path / "policy.toml"
    path.write_text('format = 1\ntitle = "半端"\n' + RULE, encoding="utf-8")
    with pytest.raises(DataFileError, match="結びの規則"):
        load_policy(path, city)


def test_a_missing_file_is_refused(city: Corpus, tmp_path: Path) -> None:
    with pytest.raises(DataFileError):
        load_policy(tmp_path / "policy.toml", city)


def test_a_rule_that_differs_by_what_it_excludes_is_not_idle(city: Corpus, tmp_path: Path) -> None:
    """The earlier rule leaves officials out, so the later one still has a case."""
    path = tmp_path / "policy.toml"
    later = RULE.replace('"mine"', '"later"')
    path.write_text(HEAD + RULE + 'none = ["official"]\n' + later, encoding="utf-8")
    policy = load_policy(path, city)
    assert [rule.id for rule in policy.rules[:2]] == ["mine", "later"]


def test_new_rules_of_a_city_come_first(city: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(HEAD + RULE, encoding="utf-8")
    policy = load_policy(path, city)
    assert policy.rules[0].id == "mine"
    assert len(policy.rules) == len(load_policy(None, city).rules) + 1


@pytest.mark.parametrize("kind", list(EntityKind))
def test_every_kind_is_closed(policy: Policy, default_policy: Policy, kind: EntityKind) -> None:
    for one in (policy, default_policy):
        assert any(kind in rule.kinds and rule.when == Condition() for rule in one.rules)


def test_no_number_of_a_clause_stands_in_the_default_policy() -> None:
    """design.md D1: a statute may be cited by its article, the ordinance's own clauses never."""
    for line in DEFAULT_POLICY.read_text(encoding="utf-8").splitlines():
        said = line.replace("地方税法第22条", "")
        assert not any(mark in said for mark in ("第7条", "第5条", "第6条", "号に該当するため第")), line
        assert "条第" not in said, line
