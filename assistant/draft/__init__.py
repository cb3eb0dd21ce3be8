"""Reasons and notices as text: says enough, does not say too much."""
