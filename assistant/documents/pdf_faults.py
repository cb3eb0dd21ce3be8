"""What pikepdf raises over files that are not as they should be."""

from __future__ import annotations

from typing import Final

import pikepdf

PIKE_FAULTS: Final = (
    pikepdf.PdfError, pikepdf.PasswordError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError,
    NotImplementedError,
)  # fmt: skip
