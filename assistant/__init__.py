"""Osumitsuki (お墨付き): proposes redactions under a Japanese disclosure ordinance, each with a checked source."""

__version__ = "0.1.0"
