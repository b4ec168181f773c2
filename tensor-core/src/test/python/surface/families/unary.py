"""Functions of each element by itself."""

import torch

from surface.samples import DTYPES, LARGE, SHAPES, corners, layouts, sample, special

# Names by the domain of their numbers.
NAMES = {
    "any": """
        abs neg exp sin cos tan atan tanh sigmoid relu square erf expm1 sign floor ceil round trunc sinh cosh
        reciprocal isnan isinf isfinite logical_not nan_to_num""",
    "positive": "log log2 log10 sqrt rsqrt lgamma digamma",
    "above_minus_one": "log1p",
    "unit": "asin acos erfinv",
}
# Steps, at which a second gradient says nothing more than the first.
FLAT = set("sign floor ceil round trunc isnan isinf isfinite logical_not".split())


def record(recorder):
    for domain, names in NAMES.items():
        for name in names.split():
            unary(recorder, name, domain)
    for order in (0, 1, 2, -1):
        recorder.case("polygamma", sample((7,), domain="positive"), order)
        recorder.case("polygamma", sample((7,), torch.float64, "positive"), order, gradients=2)


def unary(recorder, name, domain):
    for shape in SHAPES + [LARGE]:
        recorder.case(name, sample(shape, domain=domain))
    for x in layouts(domain=domain):
        recorder.case(name, x)
    for dtype in DTYPES:
        recorder.case(name, sample((13,), dtype, domain))
        recorder.case(name, special(dtype))
    smooth = "moderate" if domain == "any" else domain
    for shape in [(), (0,), (3, 4)]:
        recorder.case(name, sample(shape, torch.float64, smooth), gradients=1 if name in FLAT else 2)
    recorder.case(name, sample((4, 3), torch.float64, smooth).t(), gradients=1)
    recorder.case(name, corners(), gradients=1)
    if hasattr(torch.Tensor, name + "_"):
        in_place(recorder, name + "_", domain)


def in_place(recorder, name, domain):
    for dtype in DTYPES:
        recorder.case(name, sample((7,), dtype, domain))
    recorder.case(name, sample((5, 3), domain=domain).t())
    recorder.case(name, sample((3, 8), domain=domain)[:, ::2])
    recorder.case(name, sample((1,), domain=domain).expand(4))
