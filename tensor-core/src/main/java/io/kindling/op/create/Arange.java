package io.kindling.op.create;

import io.kindling.ShapeException;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** {@code start, start + step, ...}, {@code count} values of them. */
public record Arange(double start, double step, long count, DType dtype, Device device)
    implements Op {
  public Arange {
    if (count < 0) {
      throw new ShapeException("arange: expected a count >= 0, got " + count);
    }
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 0);
    return Op.one(Spec.of(Shape.of(count), dtype));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    long address = outputs[0].address();
    for (long i = 0; i < count; i++) {
      dtype.writeDouble(address + i * dtype.bytes(), start + i * step);
    }
  }
}
