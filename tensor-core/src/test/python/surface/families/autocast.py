"""Calls under autocast."""

from surface import regions

NAMESPACE = "Tensor"


def record(recorder):
    regions.record(recorder)
