"""Writes mixed training in PyTorch, for MixedTrainingTest, and the ways of gradient scalers, for GradScalerTest.

Of a training: the state before, the batch, the loss of each step, the scale after it, and the state at the
end. Of a scaler: gradients, and after each step the scale and the parameter.

Run in an environment with requirements.txt: python amp_golden.py
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "amp"
STEPS = 20


def network():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(48, 16),
        nn.Tanh(),
        nn.Linear(16, 5),
    )


def training(written, dtype):
    torch.manual_seed(4)
    name = str(dtype).removeprefix("torch.")
    model = network()
    for key, value in model.state_dict().items():
        written[f"{name}.before.{key}"] = value.clone()
    x, y = torch.randn(32, 2, 6, 8), torch.randint(0, 5, (32,))
    written[f"{name}.x"], written[f"{name}.y"] = x, y
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    # The first scales are too large for float16.
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**20, growth_interval=4, enabled=dtype == torch.float16)
    losses, scales = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=dtype):
            loss = nn.functional.cross_entropy(model(x), y)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        losses.append(loss.detach())
        scales.append(scaler.get_scale())
    written[f"{name}.losses"] = torch.stack(losses)
    written[f"{name}.scales"] = torch.tensor(scales, dtype=torch.float64)
    for key, value in model.state_dict().items():
        written[f"{name}.after.{key}"] = value.clone()


SCALERS = {
    "default": {},
    "quick": {"init_scale": 8.0, "growth_factor": 3.0, "backoff_factor": 0.3, "growth_interval": 2},
    "largest": {"init_scale": 2.0**127, "growth_interval": 1},
    "off": {"enabled": False},
}
BAD = {3: float("inf"), 4: float("nan"), 9: float("-inf")}


def scaler(written, name, options):
    torch.manual_seed(5)
    parameter = torch.randn(3).requires_grad_()
    written[f"{name}.start"] = parameter.detach().clone()
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", **options)
    for step in range(12):
        gradient = torch.randn(3)
        if step in BAD and scaler.is_enabled():
            gradient[1] = BAD[step]
        written[f"{name}.gradient.{step}"] = gradient
        parameter.grad = scaler.scale(gradient)
        if step % 3 == 0:
            scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        written[f"{name}.scale.{step}"] = torch.tensor(scaler.get_scale(), dtype=torch.float64)
        written[f"{name}.parameter.{step}"] = parameter.detach().clone()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    trained, scaled = {}, {}
    for dtype in (torch.bfloat16, torch.float16):
        training(trained, dtype)
    for name, options in SCALERS.items():
        scaler(scaled, name, options)
    for file, written in (("training", trained), ("scaler", scaled)):
        path = FOLDER / f"{file}.safetensors"
        save_file(written, path)
        path.chmod(0o644)


if __name__ == "__main__":
    main()
