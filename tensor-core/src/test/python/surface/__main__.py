import importlib
import pkgutil
import sys
import warnings
from pathlib import Path

import torch

from surface import families
from surface.recorder import Recorder


def main(folder, *only):
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    for module in pkgutil.iter_modules(families.__path__):
        if only and module.name not in only:
            continue
        family = importlib.import_module(f"surface.families.{module.name}")
        recorder = Recorder(module.name, getattr(family, "NAMESPACE", "Tensor"))
        family.record(recorder)
        count = recorder.write(folder)
        size = sum((folder / f"{module.name}.{kind}").stat().st_size for kind in ("json", "safetensors"))
        print(f"{module.name}: {len(recorder.names)} names, {count} cases, {size / 1024:.0f} KiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
