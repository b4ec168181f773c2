package io.kindling.op.reduce;

import io.kindling.backend.cpu.Lines;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The sum of each value along a dimension and all before it. Floating types are summed in double
 * precision; integers give int64.
 */
public record CumSum(int dim) implements Op {
  @Override
  public String name() {
    return "cumsum";
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    shape.dim(dim);
    DType dtype = inputs[0].dtype();
    return Op.one(Spec.of(shape, dtype.isFloatingPoint() ? dtype : DType.INT64));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor out = outputs[0];
    int length = Lines.length(x, dim);
    long from = Lines.step(x, dim);
    long to = Lines.step(out, dim);
    boolean floating = x.dtype().isFloatingPoint();
    Lines.forEach(
        dim,
        at -> {
          double sum = 0;
          long whole = 0;
          for (int i = 0; i < length; i++) {
            if (floating) {
              sum += x.dtype().readDouble(at[0] + i * from);
              out.dtype().writeDouble(at[1] + i * to, sum);
            } else {
              whole += x.dtype().readLong(at[0] + i * from);
              out.dtype().writeLong(at[1] + i * to, whole);
            }
          }
        },
        x,
        out);
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0].flip(dim).cumsum(dim).flip(dim)};
  }
}
