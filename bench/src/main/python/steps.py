"""PyTorch's side of a case: measures steps as the Worker of the other sides does, and prints what it found.

Arguments: format, threads, least seconds of warm-up, seconds to time, then one of
  train|infer  network's JSON  batch's shape  adam|sgd
  op|op-backward  kind  its operands in JSON
  chain        size
"""

import json
import math
import os
import statistics
import sys
import time

import torch
import torch.nn.functional as F

CLASSES = 10
CHECK_STEPS = 3

# The warm-up's rule, as in WarmUp.java; there is no compiler to wait for.
STEADY, MOST, WINDOWS, FASTER = 3, 6, 5, 0.98


class JavaRandom:
    """java.util.Random, all of its numbers at once."""

    MULTIPLIER, INCREMENT, MASK = 0x5DEECE66D, 0xB, (1 << 48) - 1

    def __init__(self, seed):
        self.state = (seed ^ self.MULTIPLIER) & self.MASK

    def states(self, count):
        a, c = self.MULTIPLIER, self.INCREMENT
        states = torch.tensor([(self.state * a + c) & self.MASK], dtype=torch.int64)
        while len(states) < count:
            # As many again, each so many steps further on; products wrap at 64 bits, beyond the 48 that count.
            states = torch.cat([states, (states * signed(a) + c) & self.MASK])
            a, c = (a * a) & self.MASK, (a * c + c) & self.MASK
        return states[:count]

    def doubles(self, count):
        states = self.states(2 * count).reshape(count, 2)
        return ((states[:, 0] >> 22 << 27) + (states[:, 1] >> 21)).double() * 2.0**-53

    def classes(self, count, bound):
        # A second draw, in one of 2 ** 60 cases, is left out.
        words = self.states(2 * count).reshape(count, 2) >> 16
        high, low = words[:, 0], words[:, 1]
        low = torch.where(low >= 1 << 31, low - (1 << 32), low)
        positive = ((high << 32) + low) >> 1 & ((1 << 63) - 1)
        return positive % bound


def signed(word):
    return word - (1 << 64) if word >= 1 << 63 else word


def uniform(seed, shape, bound):
    return ((2 * JavaRandom(seed).doubles(math.prod(shape)) - 1) * bound).float().reshape(shape)


def ordered(tensor, format):
    if format == "CHANNELS_LAST" and tensor.dim() == 4:
        return tensor.contiguous(memory_format=torch.channels_last)
    return tensor


def network(description, example, format):
    layers, shape, index = [], list(example), 0

    def fill(parameter):
        nonlocal index
        fan_in = max(1, math.prod(parameter.shape[1:]))
        values = uniform(1000 + index, tuple(parameter.shape), 1 / math.sqrt(fan_in) / 2)
        parameter.data = ordered(values, format)
        index += 1

    for layer in json.loads(description)["layers"]:
        kind = layer["type"]
        if kind == "Linear":
            made = torch.nn.Linear(shape[0], layer["outFeatures"])
            shape = [layer["outFeatures"]]
        elif kind == "Conv2d":
            kernel, padding = layer["kernelSize"], layer.get("padding", 0)
            made = torch.nn.Conv2d(shape[0], layer["outChannels"], kernel, padding=padding)
            shape = [layer["outChannels"]] + [size + 2 * padding - kernel + 1 for size in shape[1:]]
        elif kind == "MaxPool2d":
            made = torch.nn.MaxPool2d(layer["kernelSize"])
            shape = [shape[0]] + [size // layer["kernelSize"] for size in shape[1:]]
        elif kind == "Flatten":
            made = torch.nn.Flatten()
            shape = [math.prod(shape)]
        elif kind == "ReLU":
            made = torch.nn.ReLU()
        else:
            raise SystemExit("steps.py knows no layer " + kind)
        for parameter in made.parameters():
            fill(parameter)
        layers.append(made)
    return torch.nn.Sequential(*layers)


def training(description, shape, optimizer, format):
    model = network(description, shape[1:], format).train()
    updates = (
        torch.optim.Adam(model.parameters(), lr=1e-3)
        if optimizer == "adam"
        else torch.optim.SGD(model.parameters(), lr=1e-2)
    )
    x = ordered(uniform(1, shape, 1), format)
    y = JavaRandom(2).classes(shape[0], CLASSES)

    def step():
        updates.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        updates.step()
        return loss

    def check():
        for _ in range(1, CHECK_STEPS):
            step()
        return step().item()

    return step, check


def inference(description, shape, format):
    model = network(description, shape[1:], format).eval()
    x = ordered(uniform(1, shape, 1), format)

    def step():
        with torch.inference_mode():
            return model(x)

    return step, lambda: step().abs().mean().item()


def operand(described, format, seed):
    shape, bound, kind = tuple(described["shape"]), described["bound"], described["type"]
    if kind == "INDEX":
        return JavaRandom(seed).classes(math.prod(shape), int(bound)).reshape(shape)
    values = uniform(seed, shape, bound)
    return {
        "UNIFORM": lambda: ordered(values, format),
        "POSITIVE": lambda: values.abs(),
        "BFLOAT16": lambda: values.bfloat16(),
        "MASK": lambda: values > 0,
    }[kind]()


def adam(x, gradient):
    x.grad = gradient
    updates = torch.optim.Adam([x], lr=0.1)

    def step():
        updates.step()
        return x

    return step


def batch_norm(x, weight, bias):
    mean, variance = torch.zeros_like(weight), torch.ones_like(weight)
    return lambda: F.batch_norm(x, mean, variance, weight, bias, training=True)


# By OpKind's names: what one step computes of the operands.
OPERATIONS = {
    "matmul": lambda x, y: lambda: x.matmul(y),
    "conv": lambda x, weight, bias: lambda: F.conv2d(x, weight, bias, padding=1),
    "add": lambda x, y: lambda: x.add(y),
    "mul": lambda x, y: lambda: x.mul(y),
    "relu": lambda x: x.relu,
    "exp": lambda x: x.exp,
    "log": lambda x: x.log,
    "sin": lambda x: x.sin,
    "tanh": lambda x: x.tanh,
    "sigmoid": lambda x: x.sigmoid,
    "gelu": lambda x: lambda: F.gelu(x),
    "clamp": lambda x: lambda: x.clamp(-0.5, 0.5),
    "maximum": lambda x, y: lambda: x.maximum(y),
    "gt": lambda x: lambda: x.gt(0),
    "dropout": lambda x: lambda: F.dropout(x, 0.5, True),
    "sum": lambda x: x.sum,
    "sum-rows": lambda x: lambda: x.sum(0),
    "mean": lambda x: x.mean,
    "amax": lambda x: lambda: x.amax(1),
    "argmax": lambda x: lambda: x.argmax(1),
    "cumsum": lambda x: lambda: x.cumsum(1),
    "softmax": lambda x: lambda: x.softmax(1),
    "log-softmax": lambda x: lambda: x.log_softmax(1),
    "cross-entropy": lambda x, classes: lambda: F.cross_entropy(x, classes),
    "batch-norm": batch_norm,
    "gather": lambda x, index: lambda: x.gather(1, index),
    "index-select": lambda x, index: lambda: x.index_select(0, index),
    "masked-select": lambda x, mask: lambda: x.masked_select(mask),
    "sort": lambda x: lambda: x.sort(1)[0],
    "topk": lambda x: lambda: x.topk(5, 1)[0],
    "cat": lambda x, y: lambda: torch.cat([x, y], 1),
    "transpose": lambda x: lambda: x.t().contiguous(),
    "to-bfloat16": lambda x: x.bfloat16,
    "from-bfloat16": lambda x: x.float,
    "adam": adam,
}

# What each process draws for itself: only the numbers of elements are compared.
RANDOM = {"dropout"}


def ranked(result):
    """The mean of the elements' sizes, each times its place: another order shows."""
    places = torch.arange(1, result.numel() + 1, dtype=torch.float64)
    return (result.detach().flatten().double().abs() * places).mean().item() / result.numel()


def operation(kind, described, backward, format):
    operands = [operand(one, format, seed) for seed, one in enumerate(json.loads(described), 1)]
    leaves = [one.requires_grad_() for one in operands if backward and one.dtype == torch.float32]
    forward = OPERATIONS[kind](*operands)
    gradient = None
    if backward and forward().dim() > 0:
        gradient = ordered(uniform(9, tuple(forward().shape), 1), format)

    def with_backward():
        for leaf in leaves:
            leaf.grad = None
        result = forward()
        result.backward(gradient)
        return result

    def without():
        with torch.inference_mode():
            return forward()

    step = with_backward if backward else without

    def check():
        result = step()
        if kind in RANDOM:
            return result.numel()
        return ranked(result) + sum(ranked(leaf.grad) for leaf in leaves)

    return step, check


def chain(size):
    x = uniform(1, (size, size), 1).requires_grad_()
    y = uniform(2, (size, size), 1).requires_grad_()

    def step():
        x.grad = None
        y.grad = None
        x.add(y).mul(y).sum().backward()

    def check():
        step()
        return y.grad.sum().item()

    return step, check


def window(step, processor_seconds):
    """The median time of steps, in seconds, of so many seconds of processor time."""
    times = []
    begin = time.process_time()
    while not times or time.process_time() - begin < processor_seconds:
        pause = time.perf_counter() + 0.02
        while True:
            before = time.perf_counter()
            step()
            after = time.perf_counter()
            times.append(after - before)
            if after >= pause:
                break
    return statistics.median(times)


def warm_up(step, least):
    begin, best, steady = time.process_time(), math.inf, 0
    while True:
        median = window(step, least / WINDOWS)
        steady = steady + 1 if median >= best * FASTER else 0
        best = min(best, median)
        used = time.process_time() - begin
        if used >= least and (steady >= STEADY or used >= MOST * least):
            return


def busy(cores):
    """Seconds that anybody used these cores for."""
    seconds = 0
    try:
        with open("/proc/stat") as file:
            for line in file:
                fields = line.split()
                if fields[0][:3] == "cpu" and fields[0][3:].isdigit() and int(fields[0][3:]) in cores:
                    ticks = [int(field) for field in fields[1:9]]
                    seconds += (sum(ticks) - ticks[3] - ticks[4]) / 100
    except OSError:
        return None
    return seconds


def measure(step, seconds, check):
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    times = []
    used, by_all, begin = time.process_time(), busy(cores), time.perf_counter()
    while not times or time.perf_counter() - begin < seconds:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    clock, used = time.perf_counter() - begin, time.process_time() - used
    others = 0 if by_all is None else max(0, busy(cores) - by_all - used) / clock
    return {
        "value": statistics.median(times) * 1e6,
        "processorValue": used / len(times) * 1e6,
        "cores": used / clock,
        "othersCores": others,
        "check": check,
        "samples": len(times),
    }


def sizes(text):
    return tuple(int(size) for size in text.split(","))


def main(format, threads, least, seconds, what, *rest):
    torch.set_num_threads(int(threads))
    if what == "train":
        step, check = training(rest[0], sizes(rest[1]), rest[2], format)
    elif what == "infer":
        step, check = inference(rest[0], sizes(rest[1]), format)
    elif what in ("op", "op-backward"):
        step, check = operation(rest[0], rest[1], what == "op-backward", format)
    else:
        step, check = chain(int(rest[0]))
    agreed = check()
    warm_up(step, float(least))
    print("kindling-bench " + json.dumps(measure(step, float(seconds), agreed)))


if __name__ == "__main__":
    main(*sys.argv[1:])
