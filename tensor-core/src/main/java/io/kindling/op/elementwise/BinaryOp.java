package io.kindling.op.elementwise;

/** Two inputs that broadcast to each other. */
public interface BinaryOp extends ElementwiseOp {
  void floats(long a, long b, long output, int count);

  void doubles(long a, long b, long output, int count);

  default void longs(long a, long b, long output, int count) {
    ElementwiseOp.super.longs(null, output, count);
  }

  @Override
  default int inputCount() {
    return 2;
  }

  @Override
  default void floats(long[] inputs, long output, int count) {
    floats(inputs[0], inputs[1], output, count);
  }

  @Override
  default void doubles(long[] inputs, long output, int count) {
    doubles(inputs[0], inputs[1], output, count);
  }

  @Override
  default void longs(long[] inputs, long output, int count) {
    longs(inputs[0], inputs[1], output, count);
  }
}
