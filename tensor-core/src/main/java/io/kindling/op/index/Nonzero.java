package io.kindling.op.index;

import io.kindling.backend.cpu.NonzeroLoop;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The positions {@code (count, dimensions)}, as int64, of the elements that are not 0. */
public record Nonzero() implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    // The size of the result depends on values, which are in reach on the CPU.
    long count = NonzeroLoop.count(inputs[0]);
    return Op.one(Spec.of(Shape.of(count, inputs[0].dim()), DType.INT64));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    NonzeroLoop.run(inputs[0], outputs[0]);
  }
}
