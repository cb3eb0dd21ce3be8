"""Whatever the text, every entity is the cut of its extents and every extent lies inside its page."""

from __future__ import annotations

import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.detect.detector import Detector
from assistant.detect.together import read_together
from assistant.domain.document import Document

_PIECES = st.sampled_from(
    [
        "氏名", "住所", "電話", "　", " ", "\n", "\t", "：", "（", "）", "、", "。", ",", "㊞", "㈱", "ｶﾞ", "ﾔﾏﾀﾞ ﾊﾅｺ", "山田 太郎",
        "山田さん", "課長", "髙﨑", "1234 5678 9018", "090-0000-1234", "０９２－０００－１２３４", "東町3-4-5", "大字中原12番地",
        "東西銀行中央支店 普通 1234567", "52歳", "￥1,200円", "〇九二", "が", "\u200b", "\u3099", "⽥", "a@b.jp", "相談記録", "検討中",
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=120), st.lists(_PIECES, max_size=40).map("".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_TEXTS, min_size=1, max_size=2))
def test_offsets(detector: Detector, texts: list[str]) -> None:
    document = Document.of_texts(tuple(texts), name="fuzz")
    detected = [detector.detect(page) for page in document.pages]
    for entity in (*(e for page in detected for e in page), *read_together(document, detected).entities):
        assert entity.extents
        for extent in entity.extents:
            assert 0 <= extent.start < extent.end <= len(document.page(extent.page).text)
        assert entity.text == "".join(document.cut(extent) for extent in entity.extents)


def test_time_grows_with_the_length_and_not_faster(detector: Detector) -> None:
    line = "相談者　山田 太郎（52歳）　住所 東町3-4-5　電話 090-0000-1234　糖尿病で通院中。上限は1,200円。\n"
    detector.detect(Document.of_texts((line,), name="warm").pages[0])

    def seconds(copies: int) -> float:
        page = Document.of_texts((line * copies,), name="long").pages[0]
        begin = time.perf_counter()
        detector.detect(page)
        return time.perf_counter() - begin

    once, eight = min(seconds(25) for _ in range(3)), seconds(200)
    assert eight < once * 8 * 4  # eight times the text, with a wide margin for a busy machine


def test_repeated_letters_do_not_explode(detector: Detector) -> None:
    for letters in ("山", "山 ", "0", "0-", "ァ", "(", "町1", "、", "氏名 "):
        begin = time.perf_counter()
        detector.detect(Document.of_texts((letters * 3000,), name="run").pages[0])
        assert time.perf_counter() - begin < 8
