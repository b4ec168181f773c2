"""Writes what PyTorch makes of calls of its tensor functions, family by family:

    pip install -r requirements.txt
    python -m surface ../resources/surface

A module of surface.families is a family: it lists PyTorch's names and makes calls of each. To cover
another function, add its name to a family's list; nothing else, and no line of Java, is needed.

`python -m surface.audit ../resources/surface` says of each function which kinds of calls are lacking.

FAMILY.json holds a case a line under the function's name: arguments in the order of PyTorch's
signature, results, gradients, or what PyTorch says when it refuses. FAMILY.safetensors holds the
numbers, one long tensor an element type. A tensor is written

    float32[2,3](1,2)@40    type, sizes, strides unless contiguous, where in the long tensor
    float32[9999]%251@40    the 251 numbers from 40, again and again
    &float32[2,3]@40        a result that shares memory with the first argument

and a list of numbers or of tensors as a list; "=inf", "=-inf" and "=nan" are numbers, and a name of a type stands
for it. "into" is the tensor given as out, or the place of the argument that is given, after "gradient" if it
requires one; "autocast" is the type of the region in which the call is made. The test sources' Surface reads
these files.

Written twice, the files are the same, but for linalg's: the last bits of PyTorch's lstsq depend on where its
memory lies.
"""
