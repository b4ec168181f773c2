"""torch.nn.functional: what networks are made of."""

import math

import torch

from surface.samples import DTYPES, FLOATING, LARGE, corners, layouts, sample, special

NAMESPACE = "F"
DOUBLE = torch.float64


def record(recorder):
    activations(recorder)
    linear(recorder)
    convolution(recorder)
    pooling(recorder)
    normalisation(recorder)
    losses(recorder)


def activations(recorder):
    for name, calls in [("gelu", [{}, {"approximate": "tanh"}, {"approximate": "none"}]), ("leaky_relu", [{}, {"negative_slope": 0.1}])]:
        for keywords in calls:
            for shape in [(), (0,), (7,), (2, 3, 4), LARGE]:
                recorder.case(name, sample(shape, domain="moderate"), **keywords)
            for x in layouts(domain="moderate"):
                recorder.case(name, x, **keywords)
            for dtype in DTYPES:
                recorder.case(name, sample((13,), dtype, "moderate"), **keywords)
            recorder.case(name, special(torch.float32), **keywords)
            for shape in [(), (0,), (3, 4)]:
                recorder.case(name, sample(shape, DOUBLE, "moderate"), gradients=2, **keywords)
            recorder.case(name, corners(), gradients=1, **keywords)
    recorder.case("gelu", sample((3,)), approximate="erf")


def linear(recorder):
    for x, out in [((2, 4), 5), ((4,), 5), ((2, 3, 4), 5), ((0, 4), 5), ((2, 4), 0), ((2, 0), 3), ((67, 103), 51)]:
        for biased in (True, False):
            inputs = [(x, 0), ((out, x[-1]), 9), ((out,), 20)]
            inputs = inputs if biased else inputs[:2]
            given = [sample(shape, domain="unit", start=start) for shape, start in inputs] + [None] * (not biased)
            recorder.case("linear", *given)
            if out < 50:
                wide = [g if g is None else g.double() for g in given]
                recorder.case("linear", *wide, gradients=2)
    x, w, b = sample((4, 3)).t(), sample((4, 10), start=9)[:, ::2].t(), sample((1,)).expand(5)
    recorder.case("linear", x, w, b)
    recorder.case("linear", sample((1, 4)).expand(3, 4), w, None)
    for dtype in DTYPES:
        recorder.case("linear", sample((2, 4), dtype, "small"), sample((5, 4), dtype, "small"), sample((5,), dtype, "small"))
    for shapes in [((2, 4), (5, 3), (5,)), ((2, 4), (5, 4), (4,)), ((2, 4), (5, 4, 1), (5,)), ((), (5, 4), (5,))]:
        recorder.case("linear", *(sample(shape) for shape in shapes))
    recorder.case("linear", sample((2, 4)), sample((5, 4), DOUBLE), None)


def convolution(recorder):
    # Input, weight, stride, padding, dilation, groups.
    calls = [
        ((2, 3, 5, 4), (4, 3, 3, 2), [1, 1], [0, 0], [1, 1], 1),
        ((2, 2, 5, 4), (3, 2, 3, 2), [2, 1], [1, 2], [1, 2], 1),
        ((1, 4, 4, 3), (2, 2, 3, 3), [1, 1], [1, 1], [1, 1], 2),
        ((2, 3, 5, 5), (6, 1, 3, 3), [2, 2], [0, 0], [1, 1], 3),
        ((1, 1, 1, 1), (1, 1, 1, 1), [1, 1], [0, 0], [1, 1], 1),
        ((0, 3, 5, 4), (4, 3, 3, 2), [1, 1], [0, 0], [1, 1], 1),
        ((2, 3, 5, 4), (4, 3, 3, 2), [3, 3], [2, 2], [2, 1], 1),
        ((3, 1, 3, 4), (2, 1, 3, 3), [1, 2], [1, 0], [1, 1], 1),  # what oneDNN 3.11 gets wrong
    ]  # fmt: skip
    for x, w, *attributes in calls:
        image, weight, bias = sample(x, domain="unit"), sample(w, domain="unit", start=9), sample((w[0],), start=20)
        for given in ((image, weight, bias), (image, weight, None)):
            recorder.case("conv2d", *given, *attributes)
            recorder.case("conv2d", *(g if g is None else g.double() for g in given), *attributes, gradients=2)
        last = image.contiguous(memory_format=torch.channels_last)
        recorder.case("conv2d", last, weight.contiguous(memory_format=torch.channels_last), bias, *attributes)
    plain = ([1, 1], [0, 0], [1, 1], 1)
    recorder.case("conv2d", sample((2, 3, 5, 8))[..., ::2], sample((4, 3, 2, 3)).transpose(2, 3), None, *plain)
    recorder.case("conv2d", sample((1, 1, 5, 4)).expand(2, 3, 5, 4), sample((4, 1, 3, 2)).expand(4, 3, 3, 2), None, *plain)
    recorder.case("conv2d", sample((1, 4, 20, 20), domain="unit"), sample((8, 4, 3, 3), domain="unit"), None, [1, 1], [1, 1], [1, 1], 1)
    for dtype in FLOATING:
        recorder.case("conv2d", sample((1, 2, 4, 4), dtype, "small"), sample((3, 2, 3, 3), dtype, "small"), None, *plain)
    wrong = [sample(shape, torch.bfloat16, "small") for shape in ((1, 3, 5, 3), (9, 1, 2, 3))]
    recorder.case("conv2d", *wrong, None, [1, 2], [1, 0], [1, 1], 3)  # by oneDNN 3.11
    for x, w, b, *attributes in [
        ((2, 3, 5, 4), (4, 2, 3, 2), (4,), [1, 1], [0, 0], [1, 1], 1),
        ((2, 3, 5, 4), (4, 3, 3, 2), (3,), [1, 1], [0, 0], [1, 1], 1),
        ((2, 3, 2, 1), (4, 3, 3, 2), (4,), [1, 1], [0, 0], [1, 1], 1),
        ((2, 3, 5, 4), (4, 3, 3, 2), (4,), [0, 1], [0, 0], [1, 1], 1),
        ((2, 3, 5, 4), (4, 3, 3, 2), (4,), [1, 1], [-1, 0], [1, 1], 1),
        ((2, 3, 5, 4), (4, 3, 3, 2), (4,), [1, 1], [0, 0], [1, 1], 2),
    ]:  # fmt: skip
        recorder.case("conv2d", sample(x), sample(w), sample(b), *attributes)
    recorder.case("conv2d", sample((2, 3, 5, 4)), sample((4, 3, 3, 2), DOUBLE), None, *plain)


def pooling(recorder):
    # Input, kernel, stride, padding, dilation, whether the size is rounded up.
    calls = [
        ((2, 3, 4, 6), [2, 2], [2, 2], [0, 0], [1, 1], False),
        ((2, 2, 5, 4), [3, 3], [2, 1], [1, 1], [1, 1], False),
        ((1, 2, 5, 6), [2, 3], [2, 2], [0, 0], [1, 1], True),
        ((1, 2, 5, 5), [2, 2], [1, 1], [0, 0], [2, 2], False),
        ((1, 1, 1, 1), [1, 1], [1, 1], [0, 0], [1, 1], False),
    ]  # fmt: skip
    for name in ("max_pool2d", "max_pool2d_with_indices"):
        for shape, *attributes in calls:
            recorder.case(name, sample(shape), *attributes)
            recorder.case(name, sample(shape).contiguous(memory_format=torch.channels_last), *attributes)
            recorder.case(name, sample(shape, DOUBLE), *attributes, gradients=2)
        window = ([2, 2], [1, 1], [0, 0], [1, 1], False)
        recorder.case(name, special(torch.float32).repeat(2).view(1, 1, 4, 4), *window)
        recorder.case(name, sample((1, 1, 4, 4), domain="ties"), *window)
        recorder.case(name, sample((1, 1, 4, 4), DOUBLE, "ties"), *window, gradients=1)
        recorder.case(name, sample((1, 2, 20, 20)), *window)
        recorder.case(name, sample((1, 2, 4, 8))[..., ::2], *window)
        recorder.case(name, sample((1, 2, 4, 1)).expand(1, 2, 4, 4), *window)
        for dtype in FLOATING:
            recorder.case(name, sample((1, 2, 4, 4), dtype), *window)
        for attributes in [([5, 5], [1, 1], [0, 0], [1, 1], False), ([2, 2], [0, 1], [0, 0], [1, 1], False), ([2, 2], [1, 1], [2, 2], [1, 1], False)]:
            recorder.case(name, sample((1, 1, 4, 4)), *attributes)


def normalisation(recorder):
    for shape in [(3, 2, 2, 2), (4, 3), (2, 3, 5), (2, 3, 12, 12)]:
        channels = (shape[1],)
        for training in (True, False):
            for weighted in (True, False):
                x, mean = sample(shape, DOUBLE), sample(channels, DOUBLE, "unit", 5)
                var = sample(channels, DOUBLE, "probability", 7)
                given = [sample(channels, DOUBLE, "positive", 9), sample(channels, DOUBLE, "unit", 20)] if weighted else [None, None]
                tail = dict(training=training, momentum=0.1, eps=1e-5)
                if len(shape) == 4 and shape[2] > 2:
                    given = [g if g is None else g.float() for g in given]
                    last = x.float().contiguous(memory_format=torch.channels_last)
                    for image in (x.float(), last):
                        recorder.case("batch_norm", image, mean.float(), var.float(), *given, **tail)
                else:
                    recorder.case("batch_norm", x, mean, var, *given, **tail, constant=(1, 2), gradients=2)
    tail = dict(training=True, momentum=0.1, eps=1e-5)
    for x, channels in [((4, 3), (2,)), ((1, 3), (3,)), ((3,), (3,))]:
        recorder.case("batch_norm", sample(x), *(sample(channels, domain="positive") for _ in range(4)), **tail)


def losses(recorder):
    places = torch.tensor([1, 0, 2, 1])
    weight = sample((3,), DOUBLE, "positive", 5)
    for name in ("nll_loss", "cross_entropy"):
        for reduction in ("mean", "sum", "none"):
            for given in (None, weight):
                for ignored in (-100, 1):
                    tail = dict(weight=given, ignore_index=ignored, reduction=reduction)
                    recorder.case(name, sample((4, 3), DOUBLE), places, **tail, constant=(2,), gradients=2)
            tail = dict(weight=weight, ignore_index=-100, reduction=reduction)
            targets = sample((2, 2, 2), torch.int64, "ties") % 3
            recorder.case(name, sample((2, 3, 2, 2), DOUBLE), targets, **tail, constant=(2,), gradients=2)
            recorder.case(name, sample((3,), DOUBLE), torch.tensor(2), **tail, constant=(2,), gradients=2)
        tail = dict(weight=None, ignore_index=-100, reduction="mean")
        recorder.case(name, sample((4, 3)).log_softmax(1), places, **tail)
        recorder.case(name, sample((3, 4)).t(), places, **tail)
        recorder.case(name, sample((0, 3)), places[:0], **tail)
        recorder.case(name, sample((4, 3)), places + 1, **tail)
        recorder.case(name, sample((4, 3)), places[:3], **tail)
        recorder.case(name, sample((4, 3)), places, weight=sample((2,)), ignore_index=-100, reduction="mean")
        for dtype in FLOATING:
            recorder.case(name, sample((4, 3), dtype), places, **tail)
        recorder.case(name, torch.full((4, 3), -math.inf), places, **tail)
    for reduction in ("mean", "sum", "none"):
        for shape in [(), (0,), (3, 4)]:
            recorder.case("mse_loss", sample(shape, DOUBLE), sample(shape, DOUBLE, start=9), reduction=reduction, gradients=2)
        recorder.case("mse_loss", sample((4, 3)).t(), sample((3, 4), start=9), reduction=reduction)
        recorder.case("mse_loss", sample((3, 4)), sample((4,)), reduction=reduction)
        recorder.case("mse_loss", sample((3, 4)), sample((5,)), reduction=reduction)
