package io.kindling.op.elementwise;

/** Two inputs that broadcast to each other. */
public interface BinaryOp extends ElementwiseOp {
  void floats(float[] a, float[] b, float[] out, int count);

  void doubles(double[] a, double[] b, double[] out, int count);

  default void longs(long[] a, long[] b, long[] out, int count) {
    throw notForIntegers();
  }

  @Override
  default int inputCount() {
    return 2;
  }

  @Override
  default void floats(float[][] in, float[] out, int count) {
    floats(in[0], in[1], out, count);
  }

  @Override
  default void doubles(double[][] in, double[] out, int count) {
    doubles(in[0], in[1], out, count);
  }

  @Override
  default void longs(long[][] in, long[] out, int count) {
    longs(in[0], in[1], out, count);
  }
}
