"""Ordinance text ⇄ provisions: parsers by format, references, versions in force."""
