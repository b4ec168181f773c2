package io.kindling.op.index;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.PositionLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Replaces what {@link IndexGet} would take, or adds to it: inputs {@code x}, {@code values} of x's
 * type and of the shape that would be taken, and the indices. Which of two values for one place
 * stays is not defined where they are not added.
 *
 * @param accumulate whether the values are added to what is there
 * @param fromEnd whether -1 means the last; otherwise a negative index is refused
 */
public record IndexPut(boolean accumulate, boolean fromEnd) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 3, Integer.MAX_VALUE);
    Tensor x = inputs[0];
    Tensor values = inputs[1];
    Shape picked = IndexGet.picked(name(), x.shape(), indices(inputs));
    if (!values.shape().equals(picked)) {
      throw new ShapeException(
          "indexPut: values of shape " + values.shape() + " do not fit what is indexed, " + picked);
    }
    if (values.dtype() != x.dtype()) {
      throw new DTypeException(
          "indexPut: expected values of type "
              + x.dtype()
              + ", got "
              + values.dtype()
              + "; convert them with to()");
    }
    return Op.one(new Spec(x.layout().denseLike(x.shape()), x.dtype()));
  }

  private static Tensor[] indices(Tensor[] inputs) {
    return Arrays.copyOfRange(inputs, 2, inputs.length);
  }

  @Override
  public boolean runsInPlace() {
    return true;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor values = inputs[1];
    Tensor out = outputs[0];
    if (values.numel() == 0 || values.address() != out.address()) {
      put(inputs, values, out);
      return;
    }
    // The values are the target itself, and would be read after some were overwritten.
    try (Tensor copy = Tensor.allocate(Spec.of(values.shape(), values.dtype()), values.device())) {
      new Copy(values.dtype(), null).reference(new Tensor[] {values}, new Tensor[] {copy});
      put(inputs, copy, out);
    }
  }

  private void put(Tensor[] inputs, Tensor values, Tensor out) {
    PositionLoop.put(inputs[0], values, indices(inputs), accumulate, fromEnd, out);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index > 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor[] from = withIndices(context, 2, g);
    Tensor[] found = new Tensor[from.length + 1];
    if (context.needs(0) && accumulate) {
      found[0] = g;
    } else if (context.needs(0)) {
      Tensor zeros = Tensor.zeros(Shape.SCALAR, g.dtype(), g.device());
      Tensor none = zeros.expand(context.inputSpec(1).shape().toArray());
      Op clear = new IndexPut(false, fromEnd);
      found[0] = Dispatch.run(clear, withIndices(context, 2, g, none));
    }
    found[1] = context.needs(1) ? Dispatch.run(new IndexGet(fromEnd), from) : null;
    return found;
  }

  /** Some tensors, and then the saved indices, which were the inputs from {@code start} on. */
  static Tensor[] withIndices(GradientContext context, int start, Tensor... first) {
    int count = start;
    while (context.given(count)) {
      count++;
    }
    Tensor[] inputs = Arrays.copyOf(first, first.length + count - start);
    for (int i = start; i < count; i++) {
      inputs[first.length + i - start] = context.input(i);
    }
    return inputs;
  }
}
