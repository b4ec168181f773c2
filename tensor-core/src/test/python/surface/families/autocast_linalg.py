"""Calls under autocast."""

from surface import regions

NAMESPACE = "Linalg"


def record(recorder):
    regions.record(recorder)
