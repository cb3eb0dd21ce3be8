"""Apply marks so that nothing is left; look at a finished file with an attacker's eyes (design.md D7)."""
