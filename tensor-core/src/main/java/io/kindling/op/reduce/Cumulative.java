package io.kindling.op.reduce;

import io.kindling.backend.cpu.LineBlocks;
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
          if (floating) {
            double[] last = new double[1];
            LineBlocks.map(
                x.dtype(),
                at[0],
                from,
                out.dtype(),
                at[1],
                to,
                length,
                (double[] values, long first, int count) -> run(values, first, count, last));
          } else {
            long[] last = new long[1];
            LineBlocks.map(
                x.dtype(),
                at[0],
                from,
                out.dtype(),
                at[1],
                to,
                length,
                (long[] values, long first, int count) -> run(values, first, count, last));
          }
        },
        x,
        out);
  }

  /** Combines each value with those before it. */
  private void run(double[] values, long first, int count, double[] last) {
    double so = last[0];
    for (int i = 0; i < count; i++) {
      so = first + i == 0 ? values[i] : combine(so, values[i]);
      values[i] = so;
    }
    last[0] = so;
  }

  private void run(long[] values, long first, int count, long[] last) {
    long so = last[0];
    for (int i = 0; i < count; i++) {
      so = first + i == 0 ? values[i] : combine(so, values[i]);
      values[i] = so;
    }
    last[0] = so;
  }
}
