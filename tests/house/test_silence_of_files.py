"""A Word file that asks for things elsewhere is read, printed, redacted and inspected without a look outside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from tests.conftest import ROOT
from tests.house.test_silence import _HERE, reached
from tests.house.visit import PASSAGE, traced

ELSEWHERE = "http://192.0.2.7/picture.png"


def word_file() -> docx.document.Document:
    """A letter whose picture, template and link lie on another machine."""
    made = docx.Document()
    for line in PASSAGE.splitlines():
        made.add_paragraph(line)
    template = RELATIONSHIP_TYPE.HYPERLINK.replace("hyperlink", "attachedTemplate")
    for kind in (RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.HYPERLINK, template):
        made.part.relate_to(ELSEWHERE, kind, is_external=True)
    linked = made.part.relate_to(ELSEWHERE, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    drawing = made.add_paragraph()._p
    picture = docx.oxml.parse_xml(
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape style="width:40pt;height:40pt">'
        f'<v:imagedata r:id="{linked}"/></v:shape></w:pict></w:r>'
    )
    drawing.append(picture)
    return made


@pytest.mark.timeout(400)
def test_a_file_is_read_printed_and_redacted_without_a_look_outside(tmp_path: Path) -> None:
    for program in ("strace", "soffice"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    file, marks, out = tmp_path / "回答.docx", tmp_path / "marks.json", tmp_path / "out.pdf"
    word_file().save(str(file))
    environment = {**os.environ, "OSUMITSUKI_DATA_DIR": str(tmp_path / "data"), "OSUMITSUKI_NER": "off"}

    def command(name: str, *arguments: str) -> bytes:
        done = subprocess.run(
            traced(name, tmp_path, sys.executable, "-m", "assistant", *arguments),
            cwd=ROOT,
            capture_output=True,
            env=environment,
            check=False,
        )
        trace = tmp_path / f"{name}.strace"
        if not trace.exists() or not trace.stat().st_size:
            pytest.skip("this machine does not let us trace")
        assert done.returncode == 0, done.stderr.decode()
        told = trace.read_text(encoding="utf-8", errors="replace")
        assert {address for address in reached(told) if not _HERE.fullmatch(address)} == set()
        return done.stdout

    proposal = json.loads(command("read", "propose", str(file), "--json"))
    assert any("岡部" in finding["text"] for finding in proposal["findings"])
    assert proposal["findings"][0]["boxes"]
    marks.write_text(json.dumps(proposal, ensure_ascii=False), encoding="utf-8")
    by = ("--confirm-all-as", "総務課 見本花子")
    command("redact", "redact", str(file), "--marks", str(marks), "-o", str(out), *by)
    assert out.read_bytes().startswith(b"%PDF-")
