package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** One input. By default a function of real numbers: integers are promoted to float32. */
public interface UnaryOp extends ElementwiseOp {
  void floats(float[] x, float[] out, int count);

  void doubles(double[] x, double[] out, int count);

  default void longs(long[] x, long[] out, int count) {
    throw notForIntegers();
  }

  default void bits(int[] x, int[] out, int count) {
    throw new DTypeException(name() + " calculates in no int32; name another type in compute()");
  }

  default void packed(long[] x, long[] out, int count) {
    throw new DTypeException(name() + " has no loop over packed bfloat16; see hasPacked()");
  }

  @Override
  default int inputCount() {
    return 1;
  }

  @Override
  default DType result(Tensor[] inputs) {
    DType dtype = inputs[0].dtype();
    return dtype.isFloatingPoint() ? dtype : DType.defaultFloating();
  }

  @Override
  default void floats(float[][] in, float[] out, int count) {
    floats(in[0], out, count);
  }

  @Override
  default void doubles(double[][] in, double[] out, int count) {
    doubles(in[0], out, count);
  }

  @Override
  default void longs(long[][] in, long[] out, int count) {
    longs(in[0], out, count);
  }

  @Override
  default void bits(int[][] in, int[] out, int count) {
    bits(in[0], out, count);
  }

  @Override
  default void packed(long[][] in, long[] out, int count) {
    packed(in[0], out, count);
  }
}
