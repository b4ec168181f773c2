package io.kindling.op.elementwise;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** One input. By default a function of real numbers: integers are promoted to float32. */
public interface UnaryOp extends ElementwiseOp {
  void floats(long x, long output, int count);

  void doubles(long x, long output, int count);

  default void longs(long x, long output, int count) {
    ElementwiseOp.super.longs(null, output, count);
  }

  @Override
  default int inputCount() {
    return 1;
  }

  @Override
  default DType result(Tensor[] inputs) {
    DType dtype = inputs[0].dtype();
    return dtype.isFloatingPoint() ? dtype : DType.FLOAT32;
  }

  @Override
  default void floats(long[] inputs, long output, int count) {
    floats(inputs[0], output, count);
  }

  @Override
  default void doubles(long[] inputs, long output, int count) {
    doubles(inputs[0], output, count);
  }

  @Override
  default void longs(long[] inputs, long output, int count) {
    longs(inputs[0], output, count);
  }
}
