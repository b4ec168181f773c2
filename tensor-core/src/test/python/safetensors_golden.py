"""Writes the safetensors files that SafetensorsTest compares with, using the reference library.

Run in an environment with requirements.txt: python safetensors_golden.py
"""

import pathlib

import torch
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent.parent / "resources" / "safetensors"


def main():
    count = torch.arange(6).reshape(2, 3)
    tensors = {
        "layer.weight": count.to(torch.float32) / 4,
        "double": count.to(torch.float64) / 8,
        "half": count.to(torch.float16) / 2,
        "brain": count.to(torch.bfloat16) / 2,
        "long": count - 3,
        "int": (count - 3).to(torch.int32),
        "short": (count - 3).to(torch.int16),
        "char": (count - 3).to(torch.int8),
        "byte": (count * 50).to(torch.uint8),
        "flag": count % 2 == 1,
        "scalar": torch.tensor(1.5),
        "empty": torch.zeros(0, 4),
        "naïve": torch.tensor([1, 2, 3], dtype=torch.int8),
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(tensors, FOLDER / "all-types.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
