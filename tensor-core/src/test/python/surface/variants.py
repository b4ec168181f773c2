"""A call again, with its tensors laid out otherwise, of other types, with numbers that are none."""

import math

import torch

from surface.samples import DTYPES, sample


def variants(recorder, name, *arguments, repeated=True, types=True, special=True, **keywords):
    """Records a call, which may be one in place, and its variants.

    repeated says whether tensors may repeat their first element, types whether they may be of any
    type, special whether they may have NaN and infinities.
    """
    recorder.case(name, *copies(arguments), **keywords)
    for way in [turned, gaps] + [once] * repeated:
        recorder.case(name, *changed(arguments, way), **keywords)
    if types:
        for dtype in DTYPES:
            recorder.case(name, *changed(arguments, lambda x, d=dtype: sample(tuple(x.shape), d, "small", 7)), **keywords)
    if special:
        recorder.case(name, *changed(arguments, endless), **keywords)


def copies(arguments):
    return changed(arguments, torch.clone)


def changed(arguments, change):
    if isinstance(arguments, (list, tuple)):
        return [changed(argument, change) for argument in arguments]
    fits = torch.is_tensor(arguments) and arguments.is_floating_point()
    return change(arguments) if fits else arguments


def turned(x):
    order = tuple(reversed(range(x.dim())))
    return x.permute(order).clone(memory_format=torch.contiguous_format).permute(order)


def gaps(x):
    return torch.stack([x, x + 1], -1).flatten(-2)[..., ::2] if x.dim() else x.clone()


def once(x):
    return x[:1].clone().expand(x.shape) if x.dim() else x.clone()


def endless(x):
    x = x.clone(memory_format=torch.contiguous_format)
    for i, value in enumerate([math.nan, math.inf, -math.inf]):
        x.view(-1)[i::5] = value
    return x
