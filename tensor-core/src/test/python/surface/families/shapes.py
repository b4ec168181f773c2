"""Views and rearrangements: the same elements under other shapes and in other places."""

import torch

from surface.samples import DTYPES, every_other, reversed_in_memory, sample

A, B, C = (2, 3, 4), (3, 4), (5,)
NONE, EMPTY = (), (0, 3)

# Calls by function: the shape of the tensor, then the other arguments.
CALLS = {
    "reshape": [(A, [6, 4]), (A, [-1]), (A, [2, -1, 2]), (A, [5, 5]), (A, [-1, -1]), (A, [0, -1]), (EMPTY, [3, 0]),
                (EMPTY, [-1]), (EMPTY, [0, -1]), (NONE, [1, 1]), (NONE, []), (B, [12]), (A, [-2, 12])],
    "view": [(A, [6, 4]), (A, [-1]), (A, [2, 3, 2, 2]), (A, [5]), (A, [-1, 7]), (NONE, [1]), (EMPTY, [3, 0])],
    "flatten": [(A,), (A, 1), (A, 0, 1), (A, -2, -1), (A, 1, 0), (A, 3), (NONE,), (EMPTY,), (B, 1, 1)],
    "squeeze": [((1, 3, 1),), ((1, 3, 1), 0), ((1, 3, 1), 1), ((1, 3, 1), -1), ((1, 3, 1), [0, 2]), ((1, 3, 1), 3), (NONE,),
                (NONE, 0), (A,)],
    "unsqueeze": [(B, 0), (B, 2), (B, -1), (B, -3), (B, 3), (B, -4), (NONE, 0), (NONE, 1), (EMPTY, 1)],
    "transpose": [(A, 0, 1), (A, -1, 0), (A, 1, 1), (A, 0, 3), (NONE, 0, 0), (EMPTY, 0, 1)],
    "permute": [(A, [2, 0, 1]), (A, [-1, 0, 1]), (A, [0, 1]), (A, [0, 0, 1]), (A, [0, 1, 3]), (NONE, []), (EMPTY, [1, 0])],
    "t": [(B,), (C,), (NONE,), (A,), (EMPTY,)],
    "expand": [((3, 1), [3, 4]), ((3, 1), [2, 3, 4]), ((3, 1), [-1, 4]), ((3, 1), [4, 4]), ((3, 1), [3]), (NONE, [2, 3]),
               ((1,), [0]), ((3, 1), [-1, 3, 4])],
    "broadcast_to": [((3, 1), [3, 4]), ((3, 1), [2, 3, 4]), ((3, 1), [4, 4]), (NONE, [2])],
    "select": [(A, 0, 1), (A, 1, -1), (A, -1, 3), (A, 0, 2), (A, 3, 0), (A, 0, -3), (C, 0, 2), (NONE, 0, 0)],
    "narrow": [(A, 0, 1, 1), (A, 2, 1, 3), (A, -1, 0, 0), (A, 1, 2, 2), (A, 1, -2, 2), (A, 1, -1, 2), (C, 0, 5, 0), (C, 0, 6, 0),
               (C, 0, 0, -1), (NONE, 0, 0, 1)],
    "diagonal": [(B,), (B, 1), (B, -2), (B, 4), (A, 0, 0, 2), (A, 1, -1, 0), (A, 0, 1, 1), (C,), ((4, 3), -1)],
    "movedim": [(A, 0, 2), (A, -1, 0), (A, [0, 1], [2, 0]), (A, [0, 0], [1, 2]), (A, [0], [1, 2]), (A, 3, 0), (NONE, 0, 0)],
    "split": [(C, 2), (C, 5), (C, 7), (A, 2, 1), (A, [1, 3], 2), (A, [1, 2], 2), (A, [0, 4], -1), (C, 0), (C, -1), (EMPTY, 2), (NONE, 1)],
    "chunk": [(C, 2), (C, 3), (C, 9), (A, 3, 2), (A, 2, -2), (C, 0), (EMPTY, 2), (NONE, 1)],
    "tensor_split": [(C, 2), (C, 3), (C, 7), (A, 3, 2), (A, [1, 3], 2), (C, [1, 1, 4]), (C, [-2]), (C, [7]), (C, 0), (NONE, 2)],
    "unbind": [(A,), (A, 1), (A, -1), (A, 3), (C,), (EMPTY,), (NONE,)],
    "unflatten": [((2, 12), 1, [3, 4]), ((2, 12), -1, [-1, 2]), ((2, 12), 0, [2, 1]), ((2, 12), 1, [5, 2]), (C, 0, [5])],
    "unfold": [((7,), 0, 3, 2), ((7,), 0, 7, 1), ((7,), 0, 8, 1), ((3, 5), 1, 2, 1), ((3, 5), -1, 2, 3), ((7,), 0, 3, 0), (NONE, 0, 1, 1)],
    "as_strided": [((12,), [3, 2], [4, 1]), ((12,), [2, 3], [1, 2]), ((12,), [3], [2], 1), ((12,), [5], [3])],
    "tile": [(B, [2]), (B, [2, 1]), (B, [2, 1, 3]), (NONE, [2]), (NONE, []), (B, [0, 2]), (EMPTY, [2, 2]), (B, [-1, 2])],
    "repeat": [(B, [2, 1]), (B, [2, 1, 3]), (B, [2]), (NONE, [2]), (NONE, []), (B, [0, 2]), (EMPTY, [2, 2]), (B, [-1, 2])],
    "repeat_interleave": [(C, 2), (B, 2), (B, 3, 0), (B, 2, -1), (C, 0), (C, -1), (NONE, 3), (B, 2, 2)],
    "flip": [(A, [0]), (A, [0, -1]), (A, [0, 0]), (A, [3]), (EMPTY, [1]), (A, [])],
    "fliplr": [(B,), (C,)],
    "flipud": [(B,), (C,), (NONE,)],
    "roll": [(B, 1, 0), (B, -2, 1), (B, 5, -1), (B, [1, 2], [0, 1]), (B, 3), (B, 1, 2), (EMPTY, 1, 1), (C, 0, 0), (B, [1, 2], [0])],
    "rot90": [(B,), (B, 2), (B, -1), (A, 1, [1, 2]), (A, 1, [0, 0]), (C,)],
    "tril": [(B,), (B, 1), (B, -2), (A, -1), ((0, 3),), (C,)],
    "triu": [(B,), (B, 1), (B, -2), (A, -1), ((0, 3),), (C,)],
    "diag": [(C,), (C, 1), (C, -2), (B,), (B, 2), (B, -1), ((0,),), (A,), (NONE,)],
    "ravel": [(A,), (NONE,)],
    "swapaxes": [(A, 0, 2), (A, 0, 3)],
    "diag_embed": [(C,), (B,), (B, 1), (B, -1, 0, 2), (NONE,), (C, 0, 0, 0)],
}  # fmt: skip
SMOOTH = 2


def record(recorder):
    for name, calls in CALLS.items():
        for shape, *arguments in calls:
            recorder.case(name, sample(shape).clone(), *arguments)
            if name != "as_strided":
                recorder.case(name, reversed_in_memory(shape), *arguments)
                if shape:
                    recorder.case(name, every_other(shape), *arguments)
        shape, *arguments = calls[0]
        for dtype in DTYPES:
            recorder.case(name, sample(shape, dtype), *arguments)
        for shape, *arguments in calls[:4]:
            recorder.case(name, sample(shape, torch.float64).clone(), *arguments, gradients=SMOOTH)
    gaps = every_other((0, 3))
    for name, arguments in [("view", ([0, 3, 1],)), ("reshape", ([3, 0],)), ("is_contiguous", ()), ("contiguous", ()), ("flatten", ())]:
        recorder.case(name, gaps, *arguments)
    counts = torch.tensor([0, 2, 1])
    recorder.case("repeat_interleave", sample((3, 4)), counts, 0)
    recorder.case("repeat_interleave", sample((3, 4), torch.float64), counts, 0, gradients=2)
    recorder.case("repeat_interleave", sample((3, 4)), counts, 1)
    recorder.case("tril_", sample((3, 4)))
    recorder.case("triu_", sample((3, 4)), 1)
    for name in ("squeeze_", "unsqueeze_", "t_", "transpose_"):
        arguments = {"squeeze_": (0,), "unsqueeze_": (1,), "t_": (), "transpose_": (0, 1)}[name]
        recorder.case(name, sample((1, 4)), *arguments)
    for name in ("expand_as", "view_as", "reshape_as"):
        for one, other in [((3, 1), (3, 4)), ((2, 3), (3, 2)), ((6,), (2, 3)), ((2,), (3,))]:
            recorder.case(name, sample(one, torch.float64), sample(other), gradients=0)
    for shape in [(2, 3), (2, 3, 4), (3, 0), (3,), ()]:
        recorder.case("mT", sample(shape))
        recorder.case("mT", sample(shape, torch.float64), gradients=2)
    for shape, sizes in [((2, 3), [3]), ((2, 3), [1, 3]), ((2, 3), [2, 1]), ((2, 3), []), ((2, 3), [2, 3]), ((2, 3), [2]), ((3,), [2, 3])]:
        recorder.case("sum_to_size", sample(shape), sizes)
        recorder.case("sum_to_size", sample(shape, torch.float64), sizes, gradients=2)
    joining(recorder)
    meshes(recorder)
    for shapes in [((2, 1), (3,)), ((), (2, 3)), ((0, 1), (1, 3), (1,)), ((2,), (3,))]:
        tensors = [sample(shape, start=9 * i) for i, shape in enumerate(shapes)]
        recorder.case("broadcast_tensors", tensors)
        recorder.case("broadcast_tensors", [x.double() for x in tensors], gradients=2)


def joining(recorder):
    x, y, z = sample((2, 3)), sample((2, 3), start=9), sample((2, 3), start=20)
    empty = sample((0,))
    for name, dims in [("cat", (0, 1, -1, 2)), ("stack", (0, 2, -1, 3))]:
        for dim in dims:
            recorder.case(name, [x, y, z], dim)
            recorder.case(name, [x.double(), y.double(), z.double()], dim, gradients=2)
        recorder.case(name, [x, y])
        recorder.case(name, [x, sample((2, 2))], 1)
        recorder.case(name, [x, sample((2, 2))], 0)
        recorder.case(name, [x, empty], 0)
        recorder.case(name, [], 0)
        recorder.case(name, [sample(()), sample(())], 0)
        recorder.case(name, [sample((3, 2)).t(), every_other((2, 3))], 0)
        recorder.case(name, [list_item.t() for list_item in (x, y)], 1)
        for a in DTYPES:
            for b in (torch.float32, torch.float16, torch.int64, torch.uint8, torch.bool):
                recorder.case(name, [sample((2,), a), sample((2,), b)], 0)
    for name in ("hstack", "vstack", "dstack"):
        for shapes in [((2, 3), (2, 3)), ((3,), (3,)), ((), ()), ((2, 3), (2, 2)), ((2, 3), (1, 3)), ((2, 3), (3,))]:
            recorder.case(name, [sample(shape, start=9 * i) for i, shape in enumerate(shapes)])
        recorder.case(name, [x.double(), y.double()], gradients=2)


def meshes(recorder):
    recorder.case("meshgrid", [sample((2,)), sample((3,))], indexing="ij")
    recorder.case("meshgrid", [sample((2,)), sample((3,))], indexing="xy")
    recorder.case("meshgrid", [sample((2,)), sample(()), sample((4,))], indexing="ij")
    recorder.case("meshgrid", [sample((2,)), sample((3,), torch.int64)], indexing="ij")
    recorder.case("meshgrid", [sample((2, 2))], indexing="ij")
    recorder.case("meshgrid", [sample((2,), torch.float64), sample((3,), torch.float64)], indexing="ij", gradients=1)
