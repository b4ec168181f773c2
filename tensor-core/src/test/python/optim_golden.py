"""Writes the parameters after each step of PyTorch's optimisers, for OptimizerTest.

Run in an environment with requirements.txt: python optim_golden.py
"""

import pathlib

import torch
from safetensors.torch import save_file

FILE = pathlib.Path(__file__).parent.parent / "resources" / "optim" / "paths.safetensors"
STEPS = 6
SHAPES = [(3, 4), (5,)]

CONFIGURATIONS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd-decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.05),
    "sgd-momentum": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01
    ),
    "sgd-nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
    "sgd-maximize": lambda p: torch.optim.SGD(
        p, lr=0.05, momentum=0.8, weight_decay=0.02, maximize=True
    ),
    "adam": lambda p: torch.optim.Adam(p),
    "adam-decay": lambda p: torch.optim.Adam(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1
    ),
    "adam-amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.5, 0.6), amsgrad=True),
    "adam-maximize": lambda p: torch.optim.Adam(p, lr=0.02, weight_decay=0.1, maximize=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.02),
    "adamw-amsgrad": lambda p: torch.optim.AdamW(
        p, lr=0.02, betas=(0.5, 0.6), weight_decay=0.3, amsgrad=True
    ),
}


def main():
    torch.manual_seed(1)
    written = {}
    for dtype, name in ((torch.float32, "float32"), (torch.float64, "float64")):
        starts = [torch.randn(s, dtype=dtype) for s in SHAPES]
        gradients = [[torch.randn(s, dtype=dtype) * (1 + t % 3) for s in SHAPES] for t in range(STEPS)]
        for i, start in enumerate(starts):
            written[f"{name}.start.{i}"] = start
            for t in range(STEPS):
                written[f"{name}.gradient.{t}.{i}"] = gradients[t][i]
        for configuration, make in CONFIGURATIONS.items():
            parameters = [s.clone().requires_grad_() for s in starts]
            optimizer = make(parameters)
            for t in range(STEPS):
                for i, parameter in enumerate(parameters):
                    # The second parameter gets no gradient in the third step.
                    parameter.grad = None if (i, t) == (1, 2) else gradients[t][i].clone()
                optimizer.step()
                for i, parameter in enumerate(parameters):
                    written[f"{name}.{configuration}.{t}.{i}"] = parameter.detach().clone()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    save_file(written, FILE)
    FILE.chmod(0o644)


if __name__ == "__main__":
    main()
