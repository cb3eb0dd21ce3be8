"""What every test may use, and the rule that CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("OSUMITSUKI_REQUIRE_ALL") == "1"
ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With OSUMITSUKI_REQUIRE_ALL=1 a skipped test is a failed one: CI has everything, or says what it lacks."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although OSUMITSUKI_REQUIRE_ALL=1: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test reads or writes the data folder of the person who runs it, nor their settings."""
    for name in [name for name in os.environ if name.startswith("OSUMITSUKI_")]:
        if name != "OSUMITSUKI_REQUIRE_ALL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("OSUMITSUKI_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real inputs beside the checkout (not committed); the test is skipped where they are absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not here")
    return folder


@pytest.fixture(scope="session")
def mihon() -> Path:
    """Folder of the sample city."""
    return ROOT / "ordinances" / "mihon"
