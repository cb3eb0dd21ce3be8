"""The wheel carries the sample city, the prompts and the app, and installs from a folder without a network."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytest.importorskip("hatchling", reason="hatchling is not installed (extra dev)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.mark.parametrize(
    "inside",
    [
        "assistant/_bundled/app.py",
        "assistant/_bundled/.streamlit/config.toml",
        "assistant/_bundled/ordinances/mihon/ordinance.md",
        "assistant/_bundled/ordinances/mihon/precedents/2019-008.toml",
        "assistant/detect/words/roles.toml",  # a word list beside the code that reads it
        "assistant/policy/default.toml",
        "assistant/ui/desk/assets/main.js",
        "assistant/adapters/migrations/env.py",
    ],
)
def test_the_wheel_carries_what_the_program_reads(wheel: Path, inside: str) -> None:
    assert inside in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_carries_prompts(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("assistant/_bundled/prompts/") and name.endswith(".toml") for name in names)


def test_it_installs_from_a_folder_offline_and_proposes_outside_the_checkout(
    wheel: Path, tmp_path: Path
) -> None:
    """The dependencies are those of this environment, lent by a .pth file: they are not what is tried here."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=True)
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--find-links",
        str(wheel.parent),
    ]
    subprocess.run([*pip, "osumitsuki"], check=True, capture_output=True)
    asked = [str(python), "-c", "import site; print(site.getsitepackages()[0])"]
    own = subprocess.run(asked, check=True, capture_output=True, text=True, encoding="utf-8").stdout.strip()
    (Path(own) / "lent.pth").write_text(site.getsitepackages()[0], encoding="utf-8")
    program = python.parent / ("osumitsuki.exe" if os.name == "nt" else "osumitsuki")
    done = subprocess.run(
        [str(program), "propose", "-", "--json"],
        input="担当：営業部　岡部 里美\n".encode(),
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "OSUMITSUKI_NER": "off"},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert told["city"] == "mihon"
    assert [finding["text"] for finding in told["findings"] if finding["decision"] == "withhold"] == [
        "岡部 里美"
    ]
