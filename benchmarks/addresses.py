"""How often an address is found whole and nothing beyond it, by the sentence it stands in.

Real addresses (`../shared/data/addresses`, not part of this checkout) are set into sentences of ours, `CARRIERS`. A
hit: the letters, digits and ideographs under address findings are exactly those of the address. Seeded. Run from the
checkout: `python benchmarks/addresses.py [--of 300] [--seed 1] [--misses]`.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from assistant.detect.detector import Detector
from assistant.domain.document import Document
from assistant.domain.entity import EntityKind

ADDRESSES = Path(__file__).resolve().parents[2] / "shared" / "data" / "addresses" / "addresses.csv"
CARRIERS = {
    "start of a line": "{}に引っ越したとの届出があった。",
    "in a sentence": "届出によれば、相手方は{}で店を開いている。",
    "after a topic": "本人は{}に住んでいる。",
    "end of a line": "書類の送り先は\n{}\nとする。",
    "label and colon": "住所：{}\n氏名：未記入",
    "label and space": "届出者　住所　{}\n　　　　氏名",
    "label run in": "現住所{}",
    "before から": "昨年、{}から転入した。",
    "before の and a word": "家族は{}の借家にいる。",
    "before a comma": "転居先は{}、期日は未定である。",
    "before a full stop": "最後に届け出た住所は{}。",
    "before a name": "{}　大江 一平",
    "after a name": "大江一平　{}",
    "after a postal code": "〒000-0000　{}",
    "cell, tabs": "番号\t氏名\t住所\t備考\n1\t大江 一平\t{}\t転居済\n",
    "cell, commas": "番号,氏名,住所,備考\n1,大江 一平,{},転居済\n2,北原 二葉,,\n",
    "in brackets": "相手方（{}）に照会した。",
    "in corner brackets": "封筒には「{}」とだけ書かれていた。",
    "list item": "送付先\n・{}\n・本人の勤務先\n",
    "two in a sentence": "{0}及び{0}の二か所を回った。",
}


def read_addresses(path: Path = ADDRESSES) -> list[str]:
    """The first column. Raises FileNotFoundError where the data are absent."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row["住所"] for row in csv.DictReader(file)]


def is_whole(detector: Detector, address: str, carrier: str) -> bool:
    """Whether exactly the address is found in `carrier`, every time it stands there."""
    text = carrier.format(address)
    page = Document.of_texts((text,), name="carrier").pages[0]
    found: set[int] = set()
    for entity in detector.detect(page):
        written_code = entity.text.startswith("〒")
        if entity.kind in (EntityKind.ADDRESS, EntityKind.PARCEL_NUMBER) and not written_code:
            for extent in entity.extents:
                found.update(range(extent.start, extent.end))
    gold: set[int] = set()
    at = text.find(address)
    while at >= 0:
        gold.update(range(at, at + len(address)))
        at = text.find(address, at + len(address))
    return all(position in found for position in gold if text[position].isalnum()) and not any(
        text[position].isalnum() for position in found - gold
    )


def hits(detector: Detector, addresses: Sequence[str]) -> tuple[Counter[str], list[tuple[str, str]]]:
    """How many are found whole by the name of the carrier, and (carrier, address) of the others."""
    whole: Counter[str] = Counter()
    missed = []
    for name, carrier in CARRIERS.items():
        for address in addresses:
            if is_whole(detector, address, carrier):
                whole[name] += 1
            else:
                missed.append((name, address))
    return whole, missed


def sample(addresses: Sequence[str], size: int, seed: int) -> list[str]:
    """`size` of them without repetition, or all."""
    return random.Random(seed).sample(list(addresses), min(size, len(addresses)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    addresses = sample(read_addresses(), arguments.of, arguments.seed)
    whole, missed = hits(Detector(), addresses)
    print(
        f"{len(addresses)} addresses in {len(CARRIERS)} sentences each.\n\n| sentence | found whole |\n|---|---|"
    )
    for name in CARRIERS:
        print(f"| {name} | {whole[name] / len(addresses):.3f} ({whole[name]}/{len(addresses)}) |")
    total, of = sum(whole.values()), len(addresses) * len(CARRIERS)
    print(f"| all | {total / of:.3f} ({total}/{of}) |")
    if arguments.misses:
        by_address = Counter(address for _, address in missed)
        for name, address in missed:
            print(f"{by_address[address]:3} {name}: {address}")


if __name__ == "__main__":
    main()
