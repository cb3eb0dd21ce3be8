"""Detect → read together → retrieve → judge → argue → verify → merge, as one readable recipe over ports."""
