package io.kindling.op.elementwise;

import io.kindling.backend.cpu.CopyLoop;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** Replaces the first input's values with the second's: {@code copy_} and {@code fill_}. */
public record Assign() implements ElementwiseOp {
  @Override
  public String name() {
    return "copy";
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    return Copy.computeFor(inputs[1].dtype(), result);
  }

  @Override
  public void floats(float[][] in, float[] out, int count) {
    System.arraycopy(in[1], 0, out, 0, count);
  }

  @Override
  public void doubles(double[][] in, double[] out, int count) {
    System.arraycopy(in[1], 0, out, 0, count);
  }

  @Override
  public void longs(long[][] in, long[] out, int count) {
    System.arraycopy(in[1], 0, out, 0, count);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    if (!CopyLoop.run(inputs[1], outputs[0])) {
      ElementwiseOp.super.reference(inputs, outputs);
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {null, gradients[0]};
  }
}
