package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/** Takes from the second input where the first is true, else from the third. */
public record Where() implements ElementwiseOp {
  @Override
  public int inputCount() {
    return 3;
  }

  @Override
  public DType result(Tensor[] inputs) {
    if (inputs[0].dtype() != DType.BOOL) {
      throw new DTypeException(
          "where: the condition must be of type bool, got "
              + inputs[0].dtype()
              + "; compare it with ne(0) first");
    }
    return Promotion.of(inputs[1], inputs[2]);
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    boolean booleans = inputs[1].dtype() == DType.BOOL || inputs[2].dtype() == DType.BOOL;
    DType compute = result.compute();
    return compute == DType.FLOAT32 && !booleans ? DType.INT32 : compute;
  }

  @Override
  public void bits(int[][] in, int[] out, int count) {
    choose(in[0], in[1], in[2], out, count);
  }

  @Override
  public void floats(float[][] in, float[] out, int count) {
    choose(in[0], in[1], in[2], out, count);
  }

  @Override
  public void doubles(double[][] in, double[] out, int count) {
    choose(in[0], in[1], in[2], out, count);
  }

  @Override
  public void longs(long[][] in, long[] out, int count) {
    choose(in[0], in[1], in[2], out, count);
  }

  /**
   * Of values' bits, the condition being 0 or 1: without a branch, so the compiler vectorises it.
   */
  static void choose(int[] condition, int[] a, int[] b, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      int first = -condition[i];
      out[i] = (a[i] & first) | (b[i] & ~first);
    }
  }

  static void choose(float[] condition, float[] a, float[] b, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      float[] from = condition[i] != 0 ? a : b;
      out[i] = from[i];
    }
  }

  static void choose(double[] condition, double[] a, double[] b, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      double[] from = condition[i] != 0 ? a : b;
      out[i] = from[i];
    }
  }

  static void choose(long[] condition, long[] a, long[] b, long[] out, int count) {
    for (int i = 0; i < count; i++) {
      long first = -condition[i];
      out[i] = (a[i] & first) | (b[i] & ~first);
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 0;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor condition = context.input(0);
    Tensor g = gradients[0];
    Tensor zero = Tensor.number(0.0, g.device());
    return new Tensor[] {
      null,
      context.needs(1) ? Tensor.where(condition, g, zero) : null,
      context.needs(2) ? Tensor.where(condition, zero, g) : null
    };
  }
}
