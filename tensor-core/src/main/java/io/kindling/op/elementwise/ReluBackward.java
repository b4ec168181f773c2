package io.kindling.op.elementwise;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * 0 where the second input is at most 0, else the first: the gradient of {@link Relu} from its
 * output. Where that is NaN the gradient passes.
 */
public record ReluBackward() implements BinaryOp {
  @Override
  public DType compute(Tensor[] inputs, DType result) {
    boolean booleans = inputs[0].dtype() == DType.BOOL || inputs[1].dtype() == DType.BOOL;
    DType compute = result.compute();
    return compute == DType.FLOAT32 && !booleans ? DType.INT32 : compute;
  }

  @Override
  public void bits(int[] a, int[] b, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int y = b[i];
      // All ones, from the sign of what is left, for the bits of a number above 0 and of NaN.
      int keep = ((-y & ~y) | (0x7f800000 - (y & 0x7fffffff))) >> 31;
      out[i] = a[i] & keep;
    }
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = b[i] <= 0 ? 0 : a[i];
    }
  }

  @Override
  public boolean hasPacked() {
    return true;
  }

  @Override
  public void packed(long[][] in, long[] out, int count) {
    packed(in[0], in[1], out, count);
  }

  private static void packed(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      long word = b[i];
      long magnitude = word & 0x7fff7fff7fff7fffL;
      // Each sum reaches the sign: of what is not 0, and of NaN.
      long notZero = magnitude + 0x7fff7fff7fff7fffL;
      long nan = magnitude + 0x007f007f007f007fL;
      long keep = (notZero & ~word | nan) >>> 15 & 0x0001000100010001L;
      out[i] = a[i] & ((keep << 16) - keep);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = b[i] <= 0 ? 0 : a[i];
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = b[i] <= 0 ? 0 : a[i];
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    // A step function: nothing flows to the second input.
    return new Tensor[] {Dispatch.run(new ReluBackward(), gradients[0], context.input(1)), null};
  }
}
