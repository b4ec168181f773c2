package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.Lines;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The place, as int64, of the last element of the longest run of equal values along a dimension,
 * which stays with size 1; of runs of one length the first.
 */
public record LongestRun(int dim) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    int at = shape.dim(dim);
    if (shape.rank() > 0 && shape.size(at) == 0) {
      throw new ShapeException(name() + ": dimension " + at + " of " + shape + " is empty");
    }
    return Op.one(Spec.of(shape.rank() == 0 ? shape : shape.with(at, 1), DType.INT64));
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    int length = Lines.length(x, dim);
    long step = Lines.step(x, dim);
    DType dtype = x.dtype();
    Lines.forEach(
        dim,
        at -> {
          int best = 0;
          int longest = 1;
          int run = 1;
          for (int i = 1; i < length; i++) {
            long here = at[0] + i * step;
            boolean same =
                dtype.isFloatingPoint()
                    ? dtype.readDouble(here) == dtype.readDouble(here - step)
                    : dtype.readLong(here) == dtype.readLong(here - step);
            run = same ? run + 1 : 1;
            if (run > longest) {
              longest = run;
              best = i;
            }
          }
          DType.INT64.writeLong(at[1], best);
        },
        x,
        outputs[0]);
  }
}
