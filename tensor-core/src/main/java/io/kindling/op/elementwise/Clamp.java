package io.kindling.op.elementwise;

import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/** {@code min(max(x, low), high)}; NaN stays NaN. Infinite bounds leave their side open. */
public record Clamp(double low, double high) implements UnaryOp {
  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    DType compute = result.compute();
    return compute == DType.FLOAT32 && inputs[0].dtype() != DType.BOOL ? DType.INT32 : compute;
  }

  @Override
  public void bits(int[] x, int[] out, int count) {
    // As min(max(x, low), high) has it, the upper bound holds where they contradict each other.
    int most = Float.floatToIntBits((float) high);
    int least = low > high ? most : Float.floatToIntBits((float) low);
    if (Double.isNaN(low)) {
      Arrays.fill(out, 0, count, least);
      return;
    }
    raise(x, least, out, count);
    lower(out, most, out, count);
    FloatBits.keepNaN(x, x, out, count);
  }

  private static void raise(int[] x, int least, int[] out, int count) {
    int lowest = FloatBits.order(least);
    for (int i = 0; i < count; i++) {
      out[i] = FloatBits.select(FloatBits.less(FloatBits.order(x[i]), lowest), least, x[i]);
    }
  }

  private static void lower(int[] x, int most, int[] out, int count) {
    int highest = FloatBits.order(most);
    for (int i = 0; i < count; i++) {
      out[i] = FloatBits.select(FloatBits.less(highest, FloatBits.order(x[i])), most, x[i]);
    }
  }

  @Override
  public void floats(float[] x, float[] out, int count) {
    float least = (float) low;
    float most = (float) high;
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], least), most);
    }
  }

  @Override
  public void doubles(double[] x, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  @Override
  public void longs(long[] x, long[] out, int count) {
    long least = (long) Math.ceil(low);
    long most = (long) Math.floor(high);
    for (int i = 0; i < count; i++) {
      out[i] = Math.min(Math.max(x[i], least), most);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    Tensor inside = x.ge(low).logicalAnd(x.le(high));
    return new Tensor[] {gradients[0].mul(inside)};
  }
}
