package io.kindling.op.elementwise;

import io.kindling.memory.OffHeap;
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
  public void floats(long[] inputs, long output, int count) {
    OffHeap.copy(inputs[1], output, 4L * count);
  }

  @Override
  public void doubles(long[] inputs, long output, int count) {
    OffHeap.copy(inputs[1], output, 8L * count);
  }

  @Override
  public void longs(long[] inputs, long output, int count) {
    OffHeap.copy(inputs[1], output, 8L * count);
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {null, gradients[0]};
  }
}
