"""A quote against its source, word for word."""

from assistant.cite.quote import quote_of
from assistant.cite.verify import verify

__all__ = ["quote_of", "verify"]
