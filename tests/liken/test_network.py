"""The network that ships (NumPy) and the one that is trained (PyTorch) are one."""

from __future__ import annotations

import numpy as np
import torch

from assistant.adapters.embedder_words import read_word_vectors
from assistant.detect.detector import Detector
from assistant.detect.sheet import LabelIndex, Sheet
from assistant.detect.words import load_words
from assistant.domain.document import Page
from assistant.liken.alphabet import KINDS, LABELS
from assistant.liken.features import Columns, columns_of
from assistant.liken.network import Network
from training.net import Net
from training.rows import Example
from training.train import batch_of
from training.worked import Worked

TEXTS = (
    "申請書\n氏名：鳥羽 さやか\t電話：093-000-4412\n家族は4人。",
    "会議録\n（課長 秋保）次の案を示す。\n\n品名,数量,単価\n砂利,3,1200\n砂,4,900\n石,5,100",
)


def _columns(text: str) -> Columns:
    words = load_words()
    page = Page(number=1, text=text)
    entities = Detector(words).detect(page)
    return columns_of(Sheet(page, LabelIndex(words)), entities, (), read_word_vectors())


def _example(text: str) -> Example:
    columns = _columns(text)
    size = len(columns)
    worked = Worked(id="t", doc_type="", tags=(), text=text, marks=(), file="")
    labels = np.zeros((size, LABELS), dtype=np.float32)
    return Example(
        worked=worked,
        columns=columns,
        both=columns,
        labels=labels,
        kinds=np.zeros(size, dtype=np.int32),
        begins=np.zeros(size, dtype=np.float32),
        weights=np.ones(size, dtype=np.float32),
    )


def test_both_say_the_same_of_every_word_also_in_a_padded_batch() -> None:
    torch.manual_seed(7)
    matrix = read_word_vectors().matrix
    net = Net(torch.from_numpy(matrix)).eval()
    data = [_example(text) for text in TEXTS]
    with torch.no_grad():
        label, kind, begin = net(batch_of(data))
    weights = {name: value.numpy() for name, value in net.exported().items()}
    shipped = Network(weights, matrix)
    for number, one in enumerate(data):
        size = len(one.columns)
        read = shipped.read(one.columns)
        assert read.labels.shape == (size, LABELS)
        assert read.kinds.shape == (size, len(KINDS) + 1)
        np.testing.assert_allclose(read.labels, torch.softmax(label[number, :size], -1).numpy(), atol=2e-4)
        np.testing.assert_allclose(read.kinds, torch.softmax(kind[number, :size], -1).numpy(), atol=2e-4)
        np.testing.assert_allclose(read.begins, torch.sigmoid(begin[number, :size]).numpy(), atol=2e-4)


def test_a_row_knows_its_line_its_field_and_what_the_rules_found() -> None:
    columns = _columns(TEXTS[0])
    at = {TEXTS[0][start:end]: number for number, (start, end) in enumerate(columns.spans.tolist())}
    assert columns.line[at["申請"]] == 0
    assert columns.line[at["家族"]] == 2
    assert columns.form[at["鳥羽"]] >= 0
    assert columns.forms[columns.form[at["鳥羽"]]]
    assert columns.ids[at["鳥羽"], 11] > 0, "the name that the rules found"
    assert columns.ids[at["申請"], 11] == 0


def test_an_empty_page_has_no_rows() -> None:
    assert len(_columns("")) == 0
