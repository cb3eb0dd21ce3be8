"""`python -m assistant` is `osumitsuki`; the guard keeps spawned workers from starting it again (design.md D8)."""

from __future__ import annotations

if __name__ == "__main__":
    from assistant.cli import main

    main()
