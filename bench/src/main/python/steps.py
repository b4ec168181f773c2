"""PyTorch's side of a case: measures steps as the Worker of the other sides does, and prints what it found.

Arguments: format, threads, least seconds of warm-up, seconds to time, then one of
  train|infer  network's JSON  batch's shape  adam|sgd
  op           kind  shape  shape of the second input or nothing
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


def operation(kind, shape, second, format):
    x = ordered(uniform(1, shape, 1), format)
    other = ordered(uniform(2, second, 1), format) if second else None
    bias = uniform(3, second[:1], 1) if kind == "conv" else None
    result = {
        "matmul": lambda: x.matmul(other),
        "conv": lambda: F.conv2d(x, other, bias, padding=1),
        "add": lambda: x.add(other),
        "relu": lambda: x.relu(),
        "exp": lambda: x.exp(),
        "sum": lambda: x.sum(),
        "sum_rows": lambda: x.sum(0),
        "softmax": lambda: x.softmax(1),
    }[kind]

    def step():
        with torch.inference_mode():
            return result()

    return step, lambda: step().abs().mean().item()


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
    return tuple(int(size) for size in text.split(",")) if text else None


def main(format, threads, least, seconds, what, *rest):
    torch.set_num_threads(int(threads))
    if what == "train":
        step, check = training(rest[0], sizes(rest[1]), rest[2], format)
    elif what == "infer":
        step, check = inference(rest[0], sizes(rest[1]), format)
    elif what == "op":
        step, check = operation(rest[0], sizes(rest[1]), sizes(rest[2]), format)
    else:
        step, check = chain(int(rest[0]))
    agreed = check()
    warm_up(step, float(least))
    print("kindling-bench " + json.dumps(measure(step, float(seconds), agreed)))


if __name__ == "__main__":
    main(*sys.argv[1:])
