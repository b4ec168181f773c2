"""Writes networks with PyTorch's results, for NetworkGoldenTest.

For each network: its state before, an input, the output and the gradients of a training step, the
state after it (batch normalisation moves its averages), and the output in eval mode; and how
PyTorch prints it.

Run in an environment with requirements.txt: python nn_golden.py
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "nn"

NETWORKS = {
    "convolutional": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 4, 3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), groups=2, bias=False),
            nn.BatchNorm2d(6, eps=1e-3, momentum=0.3, affine=False),
            nn.Tanh(),
            nn.Flatten(),
            nn.Linear(36, 5),
        ),
        (7, 2, 6, 8),
        "classes",
    ),
    "plain": (
        lambda: nn.Sequential(
            nn.Identity(),
            nn.Sequential(nn.Linear(6, 8), nn.Sigmoid(), nn.Linear(8, 4, bias=False)),
            nn.Softmax(dim=1),
            nn.Dropout(0.0),
            nn.LogSoftmax(dim=1),
        ),
        (5, 6),
        "values",
    ),
    "pooling": (
        lambda: nn.Sequential(
            nn.MaxPool2d(3, stride=2, padding=1, dilation=1, ceil_mode=True),
            nn.Conv2d(3, 3, 3, padding=2, dilation=2),
            nn.MaxPool2d((2, 1)),
            nn.Flatten(1, 2),
        ),
        (2, 3, 8, 7),
        "values",
    ),
}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number, (name, (make, shape, target_kind)) in enumerate(NETWORKS.items()):
        torch.manual_seed(number)
        network = make()
        written = {}
        for key, value in network.state_dict().items():
            written["before." + key] = value.clone()
        x = torch.randn(shape)
        written["input"] = x.clone()
        x.requires_grad_()
        output = network(x)
        if target_kind == "classes":
            target = torch.randint(0, output.shape[1], (shape[0],))
            loss = nn.CrossEntropyLoss()(output, target)
        else:
            target = torch.randn(output.shape)
            loss = nn.MSELoss()(output, target)
        loss.backward()
        written["target"] = target
        written["output"] = output.detach().clone()
        written["loss"] = loss.detach().clone()
        written["gradient.input"] = x.grad
        for key, value in network.named_parameters():
            written["gradient." + key] = value.grad
        for key, value in network.state_dict().items():
            written["after." + key] = value.clone()
        network.eval()
        written["eval"] = network(x).detach().clone()
        file = FOLDER / (name + ".safetensors")
        save_file(written, file, metadata={"repr": repr(network)})
        file.chmod(0o644)


if __name__ == "__main__":
    main()
