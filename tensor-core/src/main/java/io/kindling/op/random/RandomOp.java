package io.kindling.op.random;

import io.kindling.DTypeException;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/**
 * Fills a tensor like its input, whose values are not read, with independent random numbers. What
 * an element gets depends on the stream and on its place in row-major order, not on the order in
 * memory.
 */
public interface RandomOp extends Op {
  /** Where in which stream the values start. */
  Generator.State start();

  /** Whether tensors of this type can take the distribution's values. */
  default boolean takes(DType dtype) {
    return dtype.isFloatingPoint();
  }

  /** 53 of two words' bits, as a multiple of 2^-53 from 0 up to, not including, 1. */
  static double fraction(int high, int low) {
    return (bits(high, low) >>> 11) * 0x1p-53;
  }

  /** As {@link #fraction(int, int)}, from one word: a multiple of 2^-32. */
  static double fraction(int word) {
    return Integer.toUnsignedLong(word) * 0x1p-32;
  }

  /** A number above 0 and below 1: the middle of one of 2^52 intervals. */
  static double inside(int high, int low) {
    return (bits(high, low) >>> 12) * 0x1p-52 + 0x1p-53;
  }

  /** As {@link #inside(int, int)}, from one word: the middle of one of 2^32 intervals. */
  static double inside(int word) {
    return fraction(word) + 0x1p-33;
  }

  /** Two words as one of 64 bits. */
  static long bits(int high, int low) {
    return ((long) high << 32) | Integer.toUnsignedLong(low);
  }

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Tensor like = inputs[0];
    if (!takes(like.dtype())) {
      throw new DTypeException(
          name()
              + ": a tensor of type "
              + like.dtype()
              + " cannot take the values of this distribution; convert it with to()");
    }
    return Op.one(new Spec(like.layout().denseLike(like.shape()), like.dtype()));
  }

  @Override
  default boolean runsInPlace() {
    return true;
  }

  @Override
  default Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {null}; // the result does not depend on the tensor's old values
  }
}
