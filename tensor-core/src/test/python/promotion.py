"""Writes what types PyTorch's operations on two operands have: python promotion.py ../resources/golden

Each line of promotion.txt: the default floating type, the operation, the first operand (a type, with
"[]" behind it if it has no dimensions), and the types of the results with each second operand of the
line "operands" ("long" and "double" are plain numbers); "-" is a call that PyTorch refuses,
or that makes 0 of a factor of 0.5, which Kindling refuses.
"""

import sys
from pathlib import Path

import torch

TYPES = ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")
OPERANDS = [name + dims for name in TYPES for dims in ("", "[]")] + ["long", "double"]
OPERATIONS = {
    "promote_types": lambda a, b: torch.zeros((), dtype=torch.promote_types(a.dtype, b.dtype)),
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "floor_divide": torch.floor_divide,
    "remainder": torch.remainder,
    "fmod": torch.fmod,
    "pow": torch.pow,
    "maximum": torch.maximum,
    "atan2": torch.atan2,
    "bitwise_and": torch.bitwise_and,
    "logical_and": torch.logical_and,
    "lt": torch.lt,
    "where": lambda a, b: torch.where(torch.tensor(True), a, b),
    "lerp": lambda a, b: torch.lerp(a, b, 0.5),
    "addcmul": lambda a, b: torch.addcmul(a, b, b),
    "addcmul_half": lambda a, b: torch.addcmul(a, b, b, value=0.5),
    "add_twice": lambda a, b: torch.add(a, b, alpha=2),
    "add_half": lambda a, b: torch.add(a, b, alpha=0.5),
    "add_": torch.Tensor.add_,
    "sub_": torch.Tensor.sub_,
    "mul_": torch.Tensor.mul_,
    "div_": torch.Tensor.div_,
    "floor_divide_": torch.Tensor.floor_divide_,
    "pow_": torch.Tensor.pow_,
    "copy_": torch.Tensor.copy_,
}
TENSORS_ONLY = {"promote_types", "maximum", "atan2", "logical_and", "lerp", "addcmul", "addcmul_half", "add_twice", "add_half", "copy_"}


def operand(name):
    if name in ("long", "double"):
        return 2 if name == "long" else 2.0
    dtype = getattr(torch, name.removesuffix("[]"))
    return torch.ones(() if name.endswith("[]") else (1,), dtype=dtype)


def result(name, first, second):
    if name in TENSORS_ONLY and second in ("long", "double"):
        return "-"
    try:
        made = OPERATIONS[name](operand(first), operand(second))
    except (RuntimeError, TypeError):
        return "-"
    if name == "addcmul_half" and not made.is_floating_point():
        return "-"
    return str(made.dtype).removeprefix("torch.")


def main(folder):
    lines = ["operands " + " ".join(OPERANDS)]
    for default in ("float32", "float64", "bfloat16"):
        torch.set_default_dtype(getattr(torch, default))
        for name in OPERATIONS if default == "float32" else ("add", "div", "pow", "where", "atan2", "mul_"):
            for first in OPERANDS[:-2]:
                results = [result(name, first, second) for second in OPERANDS]
                lines.append(" ".join([default, name, first, *results]))
    Path(folder, "promotion.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
