package io.kindling.op.create;

import io.kindling.ShapeException;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** {@code steps} values at equal distances from {@code start} to {@code end}, both included. */
public record Linspace(double start, double end, long steps, DType dtype, Device device)
    implements Op {
  public Linspace {
    if (steps < 0) {
      throw new ShapeException("linspace: expected steps >= 0, got " + steps);
    }
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 0);
    return Op.one(Spec.of(Shape.of(steps), dtype));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    double step = steps > 1 ? (end - start) / (steps - 1) : 0;
    for (long i = 0; i < steps; i++) {
      // From the nearer end, so that both ends are exact and the values mirror each other.
      double value = i < (steps + 1) / 2 ? start + step * i : end - step * (steps - 1 - i);
      long address = out.address() + i * out.stride(0) * out.dtype().bytes();
      out.dtype().writeDouble(address, value);
    }
  }
}
