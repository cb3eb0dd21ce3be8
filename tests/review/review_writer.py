"""A second process at the same desk: `review_writer.py FOLDER NAME COUNT` opens cases and settles findings without end."""

from __future__ import annotations

import sys
from pathlib import Path

from review_sample import desk_at, proposal

from assistant.review.actor import Actor

if __name__ == "__main__":
    folder, name, count = sys.argv[1:]
    actor = Actor(department="総務課", name=name)
    desk, store = desk_at(Path(folder))
    for number in range(int(count)):
        case = desk.open_case(actor, "passage", f"{name}の{number}", proposal())
        print(case.id, "opened", flush=True)
        desk.confirm(case.id, actor, ["w1", "w2"])
        print(case.id, "confirmed", flush=True)
        desk.settle_rest(case.id, actor)
        print(case.id, "settled", flush=True)
        desk.undo(case.id, actor)
        print(case.id, "undone", flush=True)
    store.close()
