"""Whatever the text, every entity is the cut of its extents and every extent lies inside its page."""

from __future__ import annotations

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
