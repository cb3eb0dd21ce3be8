"""The tree of deliberate failures, with the exit code each gives the command line.

    OsumitsukiError                 1  unexpected
    ├── InputError                  2  the input is at fault: say what to do next
    │   ├── DataFileError           2  a file of the city, a prompt or a word list is missing or broken (file, line)
    │   ├── DocumentError           2  the passage or document cannot be read
    │   │   └── PasswordNeeded      2  it is encrypted, and the password is missing or wrong
    │   ├── SettingsError           2  a setting is missing or contradicts another
    │   ├── EgressRefused           2  an endpoint that is not loopback, before a decision allows it
    │   ├── IndexUnusable           2  the index belongs to another corpus or embedder, or is damaged
    │   ├── RecordUnavailable       2  the record cannot be written (disk full, read only, locked)
    │   └── ReviewRefused           2  an act the rules of review do not allow (e.g. settling without a ground)
    ├── ModelError                  3  the model is at fault; the rules output stands
    │   ├── ModelUnavailable        3  absent, slow, refused the connection, answered an HTTP error
    │   ├── EgressStopped           3  something that may not leave was about to: nothing was sent
    │   └── UnusableAnswer          3  answered, but not with what was asked for (broken JSON, cut off, unknown source)
    └── RedactionLeak               4  something that must be gone is still there

Messages are Japanese sentences that say what to do next. They never contain document text.
"""

from __future__ import annotations

from pathlib import Path


class OsumitsukiError(Exception):
    """Base of every deliberate failure. `str(error)` is a Japanese sentence for the user."""

    exit_code = 1


class InputError(OsumitsukiError):
    """The input is at fault."""

    exit_code = 2


class DataFileError(InputError):
    """A data file is missing, unreadable, or says something the loader does not understand.

    `path` is shown by its name only where the full path would name a person's folder; `line` is 1-based.
    """

    def __init__(self, path: Path, problem: str, *, line: int | None = None, todo: str = "") -> None:
        self.path = path
        self.line = line
        self.problem = problem
        place = f"{path.parent.name}/{path.name}" + (f" {line}行目" if line else "")
        super().__init__(f"{place}：{problem}" + (f" {todo}" if todo else ""))


class DocumentError(InputError):
    """The passage or document cannot be read or is outside what the program takes."""


class PasswordNeeded(DocumentError):
    """The document is encrypted and no password, or a wrong one, was given: it can be asked for and tried again."""


class SettingsError(InputError):
    """A setting is missing or contradicts another."""


class EgressRefused(InputError):
    """The model endpoint is not on this machine and nothing allows it yet (design.md D6)."""


class IndexUnusable(InputError):
    """The index belongs to another corpus or embedder, or is damaged; it can be rebuilt."""


class RecordUnavailable(InputError):
    """The record cannot be read or written now; nothing that was written before is lost."""


class ReviewRefused(InputError):
    """An act that the rules of review do not allow."""


class ModelError(OsumitsukiError):
    """The model is at fault. The rules output stands and is shown all the same."""

    exit_code = 3


class ModelUnavailable(ModelError):
    """The endpoint is absent, slow, or answered an HTTP error."""


class UnusableAnswer(ModelError):
    """The model answered, but not with what was asked for."""


class EgressStopped(ModelError):
    """The last check found in the outgoing bytes what may not leave, or the ledger could not be written: not sent."""


class RedactionLeak(OsumitsukiError):
    """Something that must be gone is still in the file."""

    exit_code = 4
