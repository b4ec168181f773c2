"""Short-time Fourier transforms, whose complex numbers are pairs."""

import torch

from surface.samples import FLOATING, every_other, sample

DOUBLE = torch.float64
PAIRS = {"return_complex": False}


def record(recorder):
    forward(recorder)
    backward(recorder)


def window(width, dtype=torch.float32):
    return sample((width,), dtype, "probability", 9)


def stft(recorder, x, n, hop=None, width=None, taper=None, center=True, mode="reflect", normalized=False, onesided=True, **keywords):
    recorder.case("stft", x, n, hop, width, taper, center, mode, normalized, onesided, unseen=PAIRS, **keywords)


def forward(recorder):
    for shape, n, hop, width in [((20,), 8, None, None), ((3, 21), 7, 3, 5), ((1, 16), 16, 16, 16), ((40,), 5, 1, 2), ((9,), 1, 1, 1), ((1, 200), 64, 32, 64)]:
        small = shape[-1] < 50
        recorder.case("stft", sample(shape), n, hop, width, None, unseen=PAIRS)
        for taper in (None, window(width or n)):
            for center, mode in [(True, "reflect"), (True, "constant"), (True, "replicate"), (True, "circular"), (False, "reflect")]:
                for normalized, onesided in [(False, True), (True, False)][: 1 + small]:
                    stft(recorder, sample(shape), n, hop, width, taper, center, mode, normalized, onesided)
        if small:
            stft(recorder, sample(shape, DOUBLE), n, hop, width, window(width or n, DOUBLE), gradients=2)
            stft(recorder, sample(shape, DOUBLE), n, hop, width, None, False, "constant", True, False, gradients=2)
    recorder.case("stft", sample((20,)), 8, unseen=PAIRS)
    x = sample((20,))
    stft(recorder, sample((20, 3)).t(), 8)
    stft(recorder, every_other((3, 20)), 8)
    stft(recorder, sample((1, 20)).expand(3, 20), 8)
    stft(recorder, x, 8, taper=window(8, DOUBLE))
    for dtype in FLOATING[:2] + [torch.int64]:
        stft(recorder, sample((20,), dtype), 8)
    refused = [dict(n=64), dict(n=0), dict(n=8, hop=0), dict(n=8, width=9), dict(n=8, taper=window(7)), dict(n=8, mode="same"), dict(n=24, center=False)]
    for keywords in refused:
        stft(recorder, x, **keywords)
    for other in (x[:4], sample((1, 1, 20)), sample(()), sample((0, 20)), sample((0,))):
        stft(recorder, other, 8)


def istft(recorder, x, n, hop=None, width=None, taper=None, center=True, normalized=False, onesided=True, length=None, **keywords):
    recorder.case("istft", x, n, hop, width, taper, center, normalized, onesided, length, **keywords)


def backward(recorder):
    for shape, n, hop, width in [((5, 6, 2), 8, 2, 8), ((3, 4, 5, 2), 7, 3, 5), ((1, 4, 3, 2), 6, 1, 6), ((1, 33, 5, 2), 64, 32, 64)]:
        small = n < 50
        taper = window(width) + 0.5
        full = shape[:-3] + (n,) + shape[-2:]
        recorder.case("istft", sample(shape), n, hop, width, taper)
        for center in (True, False):
            for given in (None, taper):
                for length in (None, 9, 30):
                    istft(recorder, sample(shape), n, hop, None if given is None else width, given, center, False, True, length)
            istft(recorder, sample(full), n, hop, width, taper, center, True, False)
            if small:
                istft(recorder, sample(shape, DOUBLE), n, hop, width, taper.double(), center, True, gradients=2)
                istft(recorder, sample(full, DOUBLE), n, hop, width, taper.double(), center, False, False, 9, gradients=2)
    x = sample((5, 6, 2))
    istft(recorder, sample((6, 5, 2)).transpose(0, 1), 8)
    for keywords in [dict(n=6), dict(n=8, hop=0), dict(n=8, width=9), dict(n=8, taper=window(7)), dict(n=8, taper=torch.zeros(8))]:
        istft(recorder, x, **keywords)
    istft(recorder, sample((5, 0, 2)), 8)
