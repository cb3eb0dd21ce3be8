"""From the command to the first words on the screen, each in a fresh process: `python benchmarks/startup.py`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import described

RUNS = 5
PASSAGE = Path(__file__).with_name("passage.txt")


def seconds(arguments: list[str], folder: str, **settings: str) -> float:
    environment = os.environ | {"OSUMITSUKI_DATA_DIR": folder} | settings
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - begun


def main() -> None:
    print(f"Fresh processes, median of {RUNS}; {described()}.\n\n| command | seconds |\n|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        seconds(["index"], folder)
        print(f"| `index`, from nothing | {time.perf_counter() - begun:.2f} |")
        for name, arguments, settings in (
            ("`--help`", ["--help"], {}),
            ("`search 担当者の氏名`", ["search", "担当者の氏名"], {}),
            (
                "`propose` 1,000 characters, NER off",
                ["propose", str(PASSAGE), "--json"],
                {"OSUMITSUKI_NER": "off"},
            ),
            (
                "`propose` 1,000 characters, NER on",
                ["propose", str(PASSAGE), "--json"],
                {"OSUMITSUKI_NER": "on"},
            ),
        ):
            times = [seconds(arguments, folder, **settings) for _ in range(RUNS)]
            print(f"| {name} | {statistics.median(times):.2f} |")


if __name__ == "__main__":
    main()
