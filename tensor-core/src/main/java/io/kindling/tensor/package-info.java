/**
 * The tensor: a {@link io.kindling.tensor.Tensor} is a handle on a counted {@link
 * io.kindling.memory.Storage}, seen through an immutable {@link io.kindling.tensor.Layout} (shape,
 * strides, offset) as elements of a {@link io.kindling.tensor.DType} on a {@link
 * io.kindling.tensor.Device}.
 *
 * <p>Tensor is a facade: each method hands an {@link io.kindling.op.Op} to the one {@link
 * io.kindling.op.Dispatch}. Its methods lie by family in the package's {@code ...Methods}
 * interfaces, as default methods, and its static functions in the {@code ...Functions} classes that
 * it extends; users see them all on {@code Tensor}. To add an operation write its op (see {@code
 * io.kindling.op}) and, if PyTorch has it as a method, one line in the family's file.
 */
package io.kindling.tensor;
