package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/** Two inputs of integer or bool type, combined bit by bit. */
interface BitwiseOp extends BinaryOp {
  @Override
  default Spec[] infer(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input.dtype().isFloatingPoint()) {
        throw new DTypeException(
            name()
                + ": expected integers or booleans, got "
                + input.dtype()
                + "; convert with to()");
      }
    }
    return BinaryOp.super.infer(inputs);
  }

  @Override
  default void floats(float[] a, float[] b, float[] out, int count) {
    throw new DTypeException(name() + " is not defined for float32; convert with to() first");
  }

  @Override
  default void doubles(double[] a, double[] b, double[] out, int count) {
    throw new DTypeException(name() + " is not defined for float64; convert with to() first");
  }

  @Override
  void longs(long[] a, long[] b, long[] out, int count);

  @Override
  default boolean hasBooleans() {
    return true;
  }

  /** The same on packed bits. */
  @Override
  default void booleans(long[][] in, long[] out, int count) {
    longs(in[0], in[1], out, count);
  }
}
