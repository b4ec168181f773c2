package io.kindling.op.elementwise;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

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
  public void floats(long[] in, long output, int count) {
    for (int i = 0; i < count; i++) {
      long from = getFloat(in[0] + 4L * i) != 0 ? in[1] : in[2];
      putFloat(output + 4L * i, getFloat(from + 4L * i));
    }
  }

  @Override
  public void doubles(long[] in, long output, int count) {
    for (int i = 0; i < count; i++) {
      long from = getDouble(in[0] + 8L * i) != 0 ? in[1] : in[2];
      putDouble(output + 8L * i, getDouble(from + 8L * i));
    }
  }

  @Override
  public void longs(long[] in, long output, int count) {
    for (int i = 0; i < count; i++) {
      long from = getLong(in[0] + 8L * i) != 0 ? in[1] : in[2];
      putLong(output + 8L * i, getLong(from + 8L * i));
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
