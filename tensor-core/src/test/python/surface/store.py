"""The numbers of a family: one long tensor an element type, in which equal runs are kept once."""

import torch

PERIOD = 251


def dtype_name(dtype):
    return str(dtype).removeprefix("torch.")


class Store:
    def __init__(self):
        self.parts = {}

    def add(self, flat):
        """The place of a contiguous one-dimensional tensor's numbers."""
        data = torch.clone(flat, memory_format=torch.contiguous_format).view(torch.uint8).numpy().tobytes()
        part = self.parts.setdefault(flat.dtype, bytearray())
        width = flat.element_size()
        at = part.find(data)
        while at >= 0 and at % width:
            at = part.find(data, at + 1)
        if at < 0:
            at = len(part)
            part += data
        return at // width

    def reference(self, tensor):
        """Writes down a tensor; its strides are kept if they are not the contiguous ones."""
        tensor = tensor.detach()
        name = dtype_name(tensor.dtype)
        sizes = ",".join(map(str, tensor.shape))
        if tensor.is_contiguous():
            flat, strides = tensor.reshape(-1), ""
            if flat.numel() > 2 * PERIOD and repeats(flat):
                return f"{name}[{sizes}]%{PERIOD}@{self.add(flat[:PERIOD].clone())}"
        else:
            extent = 1 + sum((n - 1) * s for n, s in zip(tensor.shape, tensor.stride()))
            flat = tensor.as_strided((extent,), (1,))
            strides = "(" + ",".join(map(str, tensor.stride())) + ")"
        return f"{name}[{sizes}]{strides}@{self.add(flat)}"

    def tensors(self):
        return {
            dtype_name(dtype): torch.frombuffer(part or bytearray(8), dtype=dtype)
            for dtype, part in self.parts.items()
        }


def repeats(flat):
    """Whether the numbers come again; the ends of PyTorch's loops may round otherwise."""
    first, later = flat[:-PERIOD], flat[PERIOD:]
    if not flat.is_floating_point():
        return bool((first == later).all())
    return bool(torch.isclose(first, later, rtol=5e-7, atol=0, equal_nan=True).all())
