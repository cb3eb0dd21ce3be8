"""What the sample city decides: a table of kind and traits → decision, heads, and the exception that opens it."""

from __future__ import annotations

from datetime import date

import pytest
from policy_pieces import entity, facts, passage, person

from assistant.corpus.corpus import Corpus
from assistant.domain.entity import EntityKind as K
from assistant.domain.entity import Trait as T
from assistant.domain.finding import Decision
from assistant.policy.judge import judge_by_policy, place_of
from assistant.policy.rules import Policy

W, D, A = Decision.WITHHOLD, Decision.DISCLOSE, Decision.ASK

TABLE = [
    # officials on duty: post and name are open, by the exception for official duty
    (K.PERSON_NAME, (T.OFFICIAL, T.ON_DUTY), "", D, ["個人"], "公務員の職務"),
    # the same official as a private person
    (K.PERSON_NAME, (T.OFFICIAL, T.PRIVATE_CAPACITY), "", W, ["個人"], None),
    # police below inspector: the safeguard of the exception
    (K.PERSON_NAME, (T.OFFICIAL, T.ON_DUTY, T.JUNIOR_POLICE), "", W, ["個人", "公共安全"], None),
    # an official who was disciplined, not announced
    (K.PERSON_NAME, (T.OFFICIAL,), "被処分者", W, ["個人"], None),
    # the same, once announced: is it still public?
    (K.PERSON_NAME, (T.OFFICIAL, T.PUBLISHED), "被処分者", A, ["個人"], None),
    # members of boards
    (K.PERSON_NAME, (T.BOARD_MEMBER,), "", D, ["個人"], "公領域・慣行"),
    # who will judge the bids, before the bids are opened
    (K.PERSON_NAME, (T.BOARD_MEMBER, T.BEFORE_OPENING), "", W, ["事務事業", "個人"], None),
    # councillors
    (K.PERSON_NAME, (T.COUNCILLOR,), "", D, ["個人"], "公務員の職務"),
    # representatives: the register
    (K.PERSON_NAME, (T.REPRESENTATIVE,), "", D, ["個人"], "公領域・慣行"),
    # branch heads who sign
    (K.PERSON_NAME, (T.SIGNING_BRANCH_HEAD,), "", D, ["個人"], "公領域・慣行"),
    # other staff of a company
    (K.PERSON_NAME, (T.EMPLOYEE,), "", W, ["個人"], None),
    # site agents: contractual post, yet staff
    (K.PERSON_NAME, (T.SITE_AGENT,), "", A, ["個人"], None),
    # sole proprietors are tested as business
    (K.PERSON_NAME, (T.SOLE_PROPRIETOR,), "", D, ["法人"], None),
    # heads of neighbourhood associations
    (K.PERSON_NAME, (T.COMMUNITY_HEAD,), "", A, ["個人"], None),
    # interviewers
    (K.PERSON_NAME, (T.INTERVIEWER,), "", A, ["事務事業", "個人"], None),
    # enumerators of a survey go from door to door
    (K.PERSON_NAME, (T.OFFICIAL,), "調査員氏名", A, ["個人"], None),
    # residents, complainants, children, the dead
    (K.PERSON_NAME, (T.RESIDENT,), "", W, ["個人"], None),
    (K.PERSON_NAME, (T.COMPLAINANT,), "", W, ["個人"], None),
    (K.PERSON_NAME, (T.CHILD,), "", W, ["個人"], None),
    (K.PERSON_NAME, (T.DECEASED,), "", W, ["個人"], None),
    # who reported abuse: closed by statute
    (K.PERSON_NAME, (T.REPORTER, T.RESIDENT), "", W, ["法令秘", "個人"], None),
    # landowners: while negotiating, and the seller once the contract stands
    (K.PERSON_NAME, (T.LANDOWNER, T.PENDING), "", W, ["個人"], None),
    (K.PERSON_NAME, (T.LANDOWNER, T.CONCLUDED), "", A, ["個人"], None),
    # a name the city itself has published
    (K.PERSON_NAME, (T.RESIDENT, T.PUBLISHED), "", D, ["個人"], "公領域・慣行"),
    # a pupil's name that was public somewhere else
    (K.PERSON_NAME, (T.CHILD, T.PUBLISHED), "", A, ["個人"], None),
    # a name of which nothing is known
    (K.PERSON_NAME, (), "", A, ["個人"], None),
    # posts
    (K.POST, (T.OFFICIAL,), "", D, ["個人"], "公務員の職務"),
    (K.POST, (T.OFFICIAL, T.PRIVATE_CAPACITY), "", W, ["個人"], None),
    (K.POST, (T.OFFICIAL, T.NAME_WITHHELD), "", A, ["個人"], None),
    (K.POST, (), "", D, [], None),
    # addresses
    (K.ADDRESS, (T.HOME, T.RESIDENT), "", W, ["個人"], None),
    (K.ADDRESS, (T.BUSINESS_PLACE, T.OF_COMPANY), "", D, ["法人"], None),
    (K.ADDRESS, (T.OF_CITY,), "", D, [], None),
    (K.ADDRESS, (T.HOME, T.BUSINESS_PLACE), "", A, ["個人"], None),
    (K.ADDRESS, (T.SOLE_PROPRIETOR, T.BUSINESS_PLACE), "", D, ["法人"], None),
    (K.ADDRESS, (T.LIFE_AND_HEALTH, T.RESIDENT), "", A, ["個人"], None),
    (K.ADDRESS, (), "", A, ["個人"], None),
    # telephones
    (K.PHONE, (T.MOBILE, T.RESIDENT), "", W, ["個人"], None),
    (K.PHONE, (T.MOBILE, T.EMPLOYEE), "", W, ["個人"], None),
    (K.PHONE, (T.MOBILE, T.OF_COMPANY), "", W, ["個人"], None),
    (K.PHONE, (T.MOBILE, T.OFFICIAL), "", A, ["個人", "事務事業"], None),
    (K.PHONE, (T.OF_CITY,), "", D, [], None),
    (K.PHONE, (T.OF_COMPANY,), "", D, ["法人"], None),
    (K.PHONE, (T.BOARD_MEMBER,), "", A, ["個人"], None),
    # mail addresses
    (K.EMAIL, (T.EMPLOYEE,), "", W, ["個人"], None),
    (K.EMAIL, (T.COMPLAINANT,), "", W, ["個人"], None),
    (K.EMAIL, (T.OFFICIAL,), "", A, ["事務事業", "個人"], None),
    # what is said of a person
    (K.BIRTH_DATE, (T.OFFICIAL,), "", W, ["個人"], None),
    (K.AGE, (T.NAME_DISCLOSED,), "", W, ["個人"], None),
    (K.AGE, (T.NAME_WITHHELD,), "", A, ["個人"], None),
    (K.AGE, (), "", A, ["個人"], None),
    (K.SEX, (T.NAME_WITHHELD,), "", A, ["個人"], None),
    (K.OCCUPATION, (T.NAME_WITHHELD,), "", A, ["個人"], None),
    (K.AGE, (T.PUBLISHED,), "", D, ["個人"], "公領域・慣行"),
    (K.HEALTH, (T.OFFICIAL,), "", W, ["個人"], None),
    (K.HEALTH, (T.RESIDENT,), "", W, ["個人"], None),
    (K.HEALTH, (T.LIFE_AND_HEALTH, T.NAME_WITHHELD), "", A, ["個人"], None),
    (K.FAMILY, (), "", W, ["個人"], None),
    (K.INCOME, (T.SOLE_PROPRIETOR,), "", W, ["法人", "個人"], None),
    (K.LEAVE, (T.OFFICIAL,), "", W, ["個人"], None),
    (K.PAY_STEP, (T.OFFICIAL,), "", W, ["個人"], None),
    # discipline: the sanction goes out when the person does not
    (K.DISCIPLINE, (T.NAME_WITHHELD,), "", D, ["個人"], None),
    (K.DISCIPLINE, (T.NAME_DISCLOSED,), "", W, ["個人"], None),
    (K.DISCIPLINE, (), "", A, ["個人"], None),
    # evaluations and scores
    (K.EVALUATION, (T.OFFICIAL,), "", W, ["個人", "事務事業"], None),
    (K.SCORE, (T.OF_INDIVIDUAL,), "", W, ["個人", "事務事業"], None),
    (K.SCORE, (T.PUBLISHED,), "", D, [], None),
    (K.SCORE, (T.RUNNER_UP, T.OF_COMPANY), "", A, ["法人", "事務事業"], None),
    (K.SCORE, (), "", A, ["事務事業", "個人"], None),
    # accounts and seals
    (K.BANK_ACCOUNT, (T.OF_COMPANY,), "", W, ["法人"], None),
    (K.BANK_ACCOUNT, (T.OF_INDIVIDUAL,), "", W, ["個人"], None),
    (K.BANK_ACCOUNT, (T.OF_COMPANY, T.HANDED_TO_ALL), "", D, ["法人"], None),
    (K.BANK_ACCOUNT, (), "", W, ["法人", "個人"], None),
    (K.SEAL, (T.OF_COMPANY,), "", W, ["法人", "公共安全"], None),
    (K.SEAL, (T.OF_INDIVIDUAL,), "", W, ["個人"], None),
    (K.SEAL, (T.OF_CITY,), "", D, [], None),
    (K.SEAL, (T.OFFICIAL,), "", D, ["個人"], "公務員の職務"),
    (K.SEAL, (), "", A, ["個人", "法人"], None),
    # numbers
    (K.MY_NUMBER, (), "", W, ["法令秘", "個人"], None),
    (K.CORPORATE_NUMBER, (), "", D, [], None),
    (K.ID_NUMBER, (T.RESIDENT,), "", W, ["個人"], None),
    (K.ID_NUMBER, (), "", A, ["個人"], None),
    (K.EMPLOYEE_NUMBER, (T.OFFICIAL,), "", A, ["個人"], None),
    (K.EMPLOYEE_NUMBER, (T.OFFICIAL, T.NAME_WITHHELD), "", W, ["個人"], None),
    (K.VEHICLE_NUMBER, (T.OF_CITY,), "", D, [], None),
    (K.VEHICLE_NUMBER, (T.RESIDENT,), "", W, ["個人"], None),
    (K.PARCEL_NUMBER, (T.LANDOWNER, T.PENDING), "", W, ["個人", "事務事業"], None),
    (K.PARCEL_NUMBER, (T.CONCLUDED,), "", D, ["個人"], "公領域・慣行"),
    (K.DOCUMENT_NUMBER, (), "", D, [], None),
    # organisations
    (K.ORGANIZATION, (T.OF_COMPANY,), "", D, [], None),
    (K.ORGANIZATION, (T.RUNNER_UP,), "", A, ["法人", "事務事業"], None),
    (K.ORGANIZATION, (T.ON_CONDITION, T.OF_COMPANY), "", A, ["任意提供", "法人"], None),
    (K.ORGANIZATION, (T.OF_COMPANY, T.LIFE_AND_HEALTH, T.PUBLISHED), "", D, ["法人"], "法人ただし書"),
    (K.ORGANIZATION, (T.OF_COMPANY, T.BEFORE_OPENING), "指名業者", W, ["事務事業", "法人"], None),
    (K.TRADE_NAME, (T.SOLE_PROPRIETOR,), "", D, ["法人"], None),
    # money
    (K.PRICE, (), "", D, [], None),
    (K.PRICE, (T.OF_INDIVIDUAL,), "", A, ["個人"], None),
    (K.PRICE, (T.LANDOWNER, T.CONCLUDED), "", D, ["個人"], "公領域・慣行"),
    (K.PRICE, (T.LANDOWNER, T.PENDING), "", W, ["事務事業", "個人"], None),
    (K.RESERVE_PRICE, (T.BEFORE_OPENING,), "", W, ["事務事業"], None),
    (K.RESERVE_PRICE, (T.BEFORE_OPENING, T.ANNOUNCED), "", D, ["事務事業"], None),
    (K.RESERVE_PRICE, (T.AFTER_OPENING,), "", D, ["事務事業"], None),
    (K.RESERVE_PRICE, (), "", A, ["事務事業"], None),
    (K.UNIT_PRICE, (T.OF_COMPANY,), "", A, ["法人", "事務事業"], None),
    (K.UNIT_PRICE, (T.PUBLISHED,), "", D, ["事務事業"], None),
    (K.COMPENSATION, (T.LANDOWNER, T.CONCLUDED), "", W, ["個人"], None),
    (K.COMPENSATION, (T.LANDOWNER, T.PENDING), "", W, ["個人", "事務事業"], None),
    (K.COMPENSATION, (T.OF_COMPANY,), "", A, ["法人"], None),
    (K.NEGOTIATION, (T.PENDING,), "", W, ["事務事業"], None),
    (K.NEGOTIATION, (T.CONCLUDED,), "", A, ["事務事業"], None),
    # business secrets and what was given voluntarily
    (K.KNOW_HOW, (T.OF_COMPANY,), "", W, ["法人"], None),
    (K.KNOW_HOW, (T.OF_COMPANY, T.ON_CONDITION), "", W, ["法人", "任意提供"], None),
    (K.FINANCIALS, (T.OF_COMPANY, T.PUBLISHED), "", D, ["法人"], None),
    (K.CLIENT, (T.OF_COMPANY,), "", W, ["法人"], None),
    (K.VOLUNTARY_INFO, (T.ON_CONDITION,), "", W, ["任意提供", "法人"], None),
    (K.VOLUNTARY_INFO, (T.BY_DUTY,), "", A, ["法人"], None),
    (K.VOLUNTARY_INFO, (), "", A, ["任意提供", "法人"], None),
    # the city's own work
    (K.SECURITY, (), "", W, ["公共安全", "事務事業"], None),
    (K.NETWORK, (), "", W, ["公共安全", "事務事業"], None),
    (K.SHELTER, (), "", W, ["事務事業", "公共安全"], None),
    (K.DELIBERATION, (T.PENDING,), "", W, ["意思形成"], None),
    (K.DELIBERATION, (T.CONCLUDED,), "", D, ["意思形成"], None),
    (K.DELIBERATION, (), "", A, ["意思形成"], None),
    (K.METHOD, (), "", W, ["事務事業"], None),
    (K.EXAM, (), "", W, ["事務事業"], None),
    (K.EXAM, (T.CONCLUDED,), "", A, ["事務事業"], None),
    (K.PERSONNEL, (), "", W, ["事務事業", "個人"], None),
    # closed by statute
    (K.TAX, (), "", W, ["法令秘", "個人"], None),
    (K.TAX, (T.OF_COMPANY,), "", W, ["法令秘", "法人"], None),
    (K.STATISTICS, (T.SOLE_PROPRIETOR,), "", W, ["法令秘", "法人"], None),
    (K.REPORTER, (), "", W, ["法令秘", "個人"], None),
    # nothing engaged
    (K.DATE, (), "", D, [], None),
    (K.DATE, (T.REPORTER,), "", A, ["法令秘", "個人"], None),
    (K.FACT, (T.ADDRESSED_TO_AI,), "", D, [], None),
    (K.OTHER, (), "", A, ["個人"], None),
]


@pytest.mark.parametrize(("kind", "traits", "label", "decision", "heads", "opened_by"), TABLE)
def test_the_sample_city_decides(
    city: Corpus,
    policy: Policy,
    day: date,
    kind: K,
    traits: tuple[T, ...],
    label: str,
    decision: Decision,
    heads: list[str],
    opened_by: str | None,
) -> None:
    document = passage("これは甲乙丙丁という文字です")
    found = entity(document, "甲乙丙丁", kind, *traits, label=label or None)
    (finding,) = judge_by_policy(document, facts([found]), (), policy, city, day)
    assert finding.decision is decision
    assert [str(ground.head) for ground in finding.grounds] == heads
    opening = [str(check.role) for ground in finding.grounds for check in ground.provisos if check.applies]
    assert opening == ([opened_by] if opened_by else []) or (opened_by and opened_by in opening)
    if decision is Decision.ASK:
        assert finding.to_find_out
    if decision is Decision.WITHHOLD:
        assert (
            finding.grounds[0].provision in finding.reason
            or (finding.grounds[0].limb or "-") in finding.reason
        )
        assert not any(check.applies for ground in finding.grounds for check in ground.provisos)


@pytest.mark.parametrize(
    ("doc_type", "kind", "traits", "heads"),
    [
        # a taxpayer in a tax record
        ("市税滞納整理票", K.PERSON_NAME, (T.RESIDENT,), ["法令秘", "個人"]),
        # the tax collector in the same record stays an official
        ("市税滞納整理票", K.PERSON_NAME, (T.OFFICIAL,), ["個人"]),
        # a shop that answered a survey
        ("基幹統計調査票", K.TRADE_NAME, (T.SOLE_PROPRIETOR,), ["法令秘", "法人"]),
        # a whistle-blower is closed by the personal head and the city's own work, not by statute
        ("公益通報受付票", K.PERSON_NAME, (T.REPORTER,), ["個人", "事務事業"]),
        # an employer met in a tax record
        ("滞納整理経過票", K.ORGANIZATION, (T.OF_COMPANY,), ["法令秘", "個人"]),
        # what is taken off an official's pay is pay, not a tax secret
        ("給与支給明細", K.TAX, (), ["個人"]),
        # a register that anybody may look into
        ("建築計画概要書", K.ADDRESS, (T.HOME, T.RESIDENT), ["個人"]),
        # a price named while land is negotiated
        ("用地交渉記録", K.PRICE, (), ["事務事業", "個人"]),
        # a quotation asked for before the contract
        ("参考見積書", K.PRICE, (), ["任意提供", "法人"]),
        # a firm that answered a survey
        ("事業者意向調査票", K.ORGANIZATION, (T.OF_COMPANY,), ["任意提供", "法人"]),
        # a shop that was only spoken to
        ("立入検査復命書", K.ORGANIZATION, (T.OF_COMPANY,), ["法人", "事務事業"]),
    ],
)
def test_the_kind_of_record_decides_too(
    city: Corpus, policy: Policy, day: date, doc_type: str, kind: K, traits: tuple[T, ...], heads: list[str]
) -> None:
    document = passage("記録に甲乙丙丁とある")
    found = entity(document, "甲乙丙丁", kind, *traits)
    (finding,) = judge_by_policy(document, facts([found], doc_type=doc_type), (), policy, city, day)
    assert [str(ground.head) for ground in finding.grounds] == heads


@pytest.mark.parametrize(
    ("doc_type", "kind", "traits", "label", "decision"),
    [
        # disciplined: the name goes, the sanction stays
        ("処分説明書", K.PERSON_NAME, (T.OFFICIAL,), "氏名", W),
        ("処分説明書", K.DISCIPLINE, (T.NAME_DISCLOSED,), None, D),
        # an official against whom a complaint of harassment was made, and the one who took it
        ("ハラスメント相談記録", K.PERSON_NAME, (T.OFFICIAL,), "相手方", W),
        ("ハラスメント相談記録", K.PERSON_NAME, (T.OFFICIAL,), "相談員", D),
        # land the city bought: the plot is open, the seller is asked about
        ("土地売買契約一覧", K.ADDRESS, (), "所在", D),
        ("土地売買契約一覧", K.PERSON_NAME, (T.RESIDENT,), "契約者", A),
        # rent is a public expense and somebody's income
        ("土地賃貸借契約書", K.PRICE, (T.LANDOWNER, T.CONCLUDED), None, A),
        # a roster of neighbourhood heads
        ("自治会長名簿", K.PERSON_NAME, (T.REPRESENTATIVE,), None, A),
        # the phones of welfare commissioners, known in their ward
        ("民生委員名簿", K.PHONE, (T.OF_INDIVIDUAL,), None, A),
        ("民生委員名簿", K.PHONE, (T.OF_INDIVIDUAL, T.MOBILE), None, W),
        # what was done after a consultation
        ("ハラスメント相談記録", K.DISCIPLINE, (T.NAME_WITHHELD,), None, A),
        # a quotation before and after the contract
        ("御見積書", K.PRICE, (), None, A),
        ("御見積書", K.PRICE, (T.CONCLUDED,), None, D),
        # whose well it is, and what the neighbours must know
        ("飲用井戸調査表", K.ADDRESS, (T.HOME, T.RESIDENT), None, A),
        # enumerators
        ("統計調査員名簿", K.PERSON_NAME, (T.RESIDENT,), None, A),
    ],
)
def test_records_with_an_answer_of_their_own(
    city: Corpus,
    policy: Policy,
    day: date,
    doc_type: str,
    kind: K,
    traits: tuple[T, ...],
    label: str | None,
    decision: Decision,
) -> None:
    document = passage("記録に甲乙丙丁とある")
    found = entity(document, "甲乙丙丁", kind, *traits, label=label)
    (finding,) = judge_by_policy(document, facts([found], doc_type=doc_type), (), policy, city, day)
    assert finding.decision is decision


def test_that_a_name_is_public_says_nothing_of_what_is_said_of_the_person(
    city: Corpus, policy: Policy, day: date
) -> None:
    """A published judge's marks stay a question."""
    document = passage("佐倉委員 78点")
    mark = entity(document, "78点", K.SCORE, person="p1")
    known = facts([mark], persons=[person("佐倉", T.BOARD_MEMBER, T.PUBLISHED)])
    (finding,) = judge_by_policy(document, known, (), policy, city, day)
    assert finding.decision is A


def test_a_limb_of_the_exemption_is_found_by_its_words(city: Corpus, policy: Policy, day: date) -> None:
    document = passage("上限は百万円とする")
    found = entity(document, "上限は百万円", K.NEGOTIATION)
    (finding,) = judge_by_policy(document, facts([found]), (), policy, city, day)
    assert finding.grounds[0].limb == "第7条第7号イ"
    assert "第7条第7号イ" in finding.reason


@pytest.mark.parametrize(
    ("label", "place"),
    [
        # a field's name says where
        ("連絡先", "「連絡先」欄"),
        # a literal label may carry the very name, and no reason may repeat it
        ("山本様の住所", "当該部分"),
        # nor in another form of its characters
        ("山 本様の住所", "当該部分"),
        # no field at all
        (None, "当該部分"),
    ],
)
def test_a_reason_names_no_field_that_holds_what_was_found(label: str | None, place: str) -> None:
    document = passage("山本町1-2")
    home = entity(document, "山本町1-2", K.ADDRESS, T.HOME, label=label)
    assert place_of(home, frozenset({"山本"})) == place
