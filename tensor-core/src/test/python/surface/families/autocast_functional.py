"""Calls under autocast."""

from surface import regions

NAMESPACE = "F"


def record(recorder):
    regions.record(recorder)
