package io.kindling.op.reduce;

import io.kindling.backend.cpu.Lines;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Each value along a dimension combined with all before it. Floating types are combined in double
 * precision; integers give int64.
 */
interface Cumulative extends Op {
  int dim();

  double combine(double before, double value);

  long combine(long before, long value);

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    shape.dim(dim());
    DType dtype = inputs[0].dtype();
    return Op.one(Spec.of(shape, dtype.isFloatingPoint() ? dtype : DType.INT64));
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor out = outputs[0];
    int length = Lines.length(x, dim());
    long from = Lines.step(x, dim());
    long to = Lines.step(out, dim());
    boolean floating = x.dtype().isFloatingPoint();
    Lines.forEach(
        dim(),
        at -> {
          double real = 0;
          long whole = 0;
          for (int i = 0; i < length; i++) {
            if (floating) {
              double value = x.dtype().readDouble(at[0] + i * from);
              real = i == 0 ? value : combine(real, value);
              out.dtype().writeDouble(at[1] + i * to, real);
            } else {
              long value = x.dtype().readLong(at[0] + i * from);
              whole = i == 0 ? value : combine(whole, value);
              out.dtype().writeLong(at[1] + i * to, whole);
            }
          }
        },
        x,
        out);
  }
}
