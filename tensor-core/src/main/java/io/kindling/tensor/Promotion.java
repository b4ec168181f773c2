package io.kindling.tensor;

/**
 * The type that an operation on several tensors calculates in. As in PyTorch, tensors with
 * dimensions decide first, 0-dimensional ones only change the kind, and plain numbers only the kind
 * as well.
 */
public final class Promotion {
  private Promotion() {}

  public static DType of(Tensor... inputs) {
    DType first = inputs[0].dtype();
    boolean same = true;
    for (int i = 1; i < inputs.length; i++) {
      same &= inputs[i].dtype() == first;
    }
    if (same && !inputs[0].isNumber()) {
      return first;
    }
    DType dimensioned = null;
    DType scalar = null;
    DType number = null;
    for (Tensor input : inputs) {
      DType dtype = input.dtype();
      if (input.isNumber()) {
        dtype = dtype.isFloatingPoint() ? DType.defaultFloating() : dtype;
        number = number == null ? dtype : DType.promote(number, dtype);
      } else if (input.dim() == 0) {
        scalar = scalar == null ? dtype : DType.promote(scalar, dtype);
      } else {
        dimensioned = dimensioned == null ? dtype : DType.promote(dimensioned, dtype);
      }
    }
    return combine(combine(dimensioned, scalar), number);
  }

  /** The more important type, unless the other is of a later kind. */
  private static DType combine(DType important, DType other) {
    if (important == null) {
      return other;
    }
    if (other == null) {
      return important;
    }
    return other.kind().compareTo(important.kind()) > 0
        ? DType.promote(important, other)
        : important;
  }
}
