"""Calls of the other families again, under autocast: a few of each function, in float32, in the region's
type and in both. What casts nothing must not be touched by it."""

import importlib
import pkgutil

import torch

from surface import families

LARGEST = 2000
CALLS = 2


class Region:
    """Takes the calls of a family, and makes some of them under autocast."""

    def __init__(self, recorder):
        self.recorder = recorder
        self.made = {}

    def function(self, name):
        return self.recorder.function(name)

    def case(self, name, *arguments, gradients=0, into=None, **keywords):
        kind = (name, into is not None)
        floating = [t for t in tensors(list(arguments)) if t.is_floating_point()]
        fits = floating and all(0 < t.numel() <= LARGEST and t.isfinite().all() for t in floating)
        if not fits or self.made.get(kind, 0) >= CALLS or not self.succeeds(name, arguments, into, keywords):
            return
        self.made[kind] = self.made.get(kind, 0) + 1
        if into is not None:
            self.recorder.case(name, *arguments, into=into, region=torch.bfloat16, **keywords)
            return
        for region, first, others in TYPES:
            if first == others or len(floating) > 1:
                given = changed(list(arguments), iter([first] + [others] * (len(floating) - 1)))
                self.recorder.case(name, *given, gradients=min(gradients, 1), region=region, **keywords)

    def succeeds(self, name, arguments, into, keywords):
        """Without autocast; what is refused as it is says nothing here."""
        keywords = {key: value for key, value in keywords.items() if key not in ("absolute", "constant")}
        keywords.update(keywords.pop("unseen", {}))
        if into is not None:
            keywords["out"] = into.clone()
        try:
            self.function(name)(*changed(list(arguments), None), **keywords)
            return True
        except (RuntimeError, IndexError, ValueError, TypeError, NotImplementedError):
            return False


TYPES = [
    (torch.bfloat16, torch.float32, torch.float32),
    (torch.bfloat16, torch.bfloat16, torch.bfloat16),
    (torch.bfloat16, torch.float32, torch.bfloat16),
    (torch.bfloat16, torch.bfloat16, torch.float32),
    (torch.bfloat16, torch.float64, torch.float64),
    (torch.bfloat16, torch.float16, torch.float16),
    (torch.float16, torch.float32, torch.float32),
]


def tensors(arguments):
    for argument in arguments:
        if isinstance(argument, (list, tuple)):
            yield from tensors(argument)
        elif torch.is_tensor(argument):
            yield argument


def changed(argument, types):
    """Copies, the floating ones of the given types."""
    if isinstance(argument, (list, tuple)):
        return [changed(part, types) for part in argument]
    if not torch.is_tensor(argument):
        return argument
    copy = argument.clone()
    return copy.to(next(types)) if types is not None and copy.is_floating_point() else copy


def record(recorder):
    """The calls of all families of the recorder's namespace."""
    for module in pkgutil.iter_modules(families.__path__):
        if not module.name.startswith("autocast"):
            family = importlib.import_module(f"surface.families.{module.name}")
            if getattr(family, "NAMESPACE", "Tensor") == recorder.namespace:
                family.record(Region(recorder))
