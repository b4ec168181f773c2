package io.kindling.op.matmul;

import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.op.reduce.Sum;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The part of {@link LinearRelu}'s gradient before the products. Inputs {@code g (..., out)} and
 * the layer's output {@code y (..., out)}, of at least two dimensions and one floating type;
 * outputs {@code g} where {@link ReluBackward} lets it pass {@code (..., out)}, and the sum of that
 * over all but the last dimension {@code (out)}, which is the bias's gradient.
 */
public record LinearReluBackward() implements Op {
  private static final ReluBackward MASK = new ReluBackward();

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape shape = inputs[0].shape();
    if (shape.rank() < 2 || !shape.equals(inputs[1].shape())) {
      throw new ShapeException(
          name()
              + ": gradient "
              + shape
              + " and output "
              + inputs[1].shape()
              + " do not fit; expected the same shape (..., out), of two dimensions or more");
    }
    DType dtype = inputs[0].dtype();
    Op.checkType(name(), inputs[0], DType.FLOAT64, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);
    Op.checkType(name(), inputs[1], dtype);
    return new Spec[] {
      new Spec(inputs[0].layout().denseLike(shape), dtype), Spec.of(Shape.of(shape.size(-1)), dtype)
    };
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MASK.reference(inputs, new Tensor[] {outputs[0]});
    sum(outputs[0].dim()).reference(new Tensor[] {outputs[0]}, new Tensor[] {outputs[1]});
  }

  /** Element by element, and the sum is another output. */
  @Override
  public boolean runsInPlace() {
    return true;
  }

  private static Sum sum(int rank) {
    List<Integer> leading = IntStream.range(0, rank - 1).boxed().toList();
    return new Sum(leading, false);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor y = context.input(1);
    Tensor all = gradients[0];
    if (gradients[1] != null) {
      Tensor rows = gradients[1].expand(y.shape().toArray());
      all = all == null ? rows : all.add(rows);
    }
    return new Tensor[] {Dispatch.run(MASK, all, y), null};
  }
}
