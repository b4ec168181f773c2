package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** The smaller of two; NaN if either is. Where both are equal each gets half the gradient. */
public record Minimum() implements BinaryOp {
  @Override
  public DType compute(Tensor[] inputs, DType result) {
    DType compute = result.compute();
    boolean booleans = inputs[0].dtype() == DType.BOOL || inputs[1].dtype() == DType.BOOL;
    return compute == DType.FLOAT32 && !booleans ? DType.INT32 : compute;
  }

  @Override
  public void bits(int[] a, int[] b, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int first = FloatBits.less(FloatBits.order(a[i]), FloatBits.order(b[i]));
      out[i] = FloatBits.select(first, a[i], b[i]);
    }
    FloatBits.keepNaN(a, b, out, count);
  }

  @Override
  public void floats(float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  public void doubles(double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  public void longs(long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(a[i], b[i]);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor a = context.input(0);
    Tensor b = context.input(1);
    // Where either is NaN both get the whole gradient.
    Tensor shared = Tensor.where(a.eq(b), g.div(2), g);
    return new Tensor[] {
      context.needs(0) ? shared.mul(a.gt(b).logicalNot()) : null,
      context.needs(1) ? shared.mul(a.lt(b).logicalNot()) : null
    };
  }
}
