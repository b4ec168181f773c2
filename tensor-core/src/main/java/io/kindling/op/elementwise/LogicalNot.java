package io.kindling.op.elementwise;

import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Whether the value is 0, as booleans. */
public record LogicalNot() implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return DType.BOOL;
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    DType compute = inputs[0].dtype().compute();
    return compute == DType.FLOAT32 && result == DType.BOOL ? DType.INT32 : compute;
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] == 0 ? 1 : 0;
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] == 0 ? 1 : 0;
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] == 0 ? 1 : 0;
    }
  }

  @Override
  public void bits(int[] x, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = -FloatBits.isZero(x[i]);
    }
  }

  @Override
  public boolean hasBooleans() {
    return true;
  }

  @Override
  public void booleans(long[][] in, long[] out, int count) {
    not(in[0], out, count);
  }

  private static void not(long[] x, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = x[i] ^ 0x0101010101010101L;
    }
  }
}
