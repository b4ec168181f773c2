package io.kindling.op.index;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * The places, as int64, at which values fit into sorted sequences: inputs {@code (N)} and values of
 * any shape, or {@code (..., N)} and values {@code (..., M)}.
 *
 * @param right whether after equal values
 */
public record SearchSorted(boolean right) implements Op {
  @Override
  public String name() {
    return "searchsorted";
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape sorted = inputs[0].shape();
    Shape values = inputs[1].shape();
    boolean fits = sorted.rank() == 1 || (sorted.rank() > 1 && sorted.rank() == values.rank());
    for (int d = 0; fits && sorted.rank() > 1 && d < sorted.rank() - 1; d++) {
      fits = sorted.size(d) == values.size(d);
    }
    if (!fits) {
      throw new ShapeException(
          "searchsorted: sequences "
              + sorted
              + " and values "
              + values
              + " do not fit; expected one sequence, or one for each line of values");
    }
    boolean bothFloating =
        inputs[0].dtype().isFloatingPoint() && inputs[1].dtype().isFloatingPoint();
    if (inputs[0].dtype() != inputs[1].dtype() && !bothFloating) {
      throw new DTypeException(
          "searchsorted: sequences of "
              + inputs[0].dtype()
              + " and values of "
              + inputs[1].dtype()
              + " differ; convert one with to()");
    }
    return Op.one(Spec.of(values, DType.INT64));
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    DType dtype = inputs[0].dtype();
    boolean floating = dtype.isFloatingPoint();
    double[] edges = inputs[0].toDoubleArray();
    long[] wholeEdges = floating ? null : inputs[0].toLongArray();
    double[] values = inputs[1].toDoubleArray();
    long[] wholeValues = floating ? null : inputs[1].toLongArray();
    int length = (int) inputs[0].size(-1);
    int line = inputs[0].dim() == 1 ? values.length : (int) inputs[1].size(-1);
    long[] places = new long[values.length];
    Arrays.setAll(
        places,
        i -> {
          int start = inputs[0].dim() == 1 ? 0 : i / line * length;
          int low = 0;
          int high = length;
          while (low < high) {
            int middle = (low + high) >>> 1;
            boolean after =
                floating
                    ? isAfter(values[i], edges[start + middle])
                    : right
                        ? wholeValues[i] >= wholeEdges[start + middle]
                        : wholeValues[i] > wholeEdges[start + middle];
            low = after ? middle + 1 : low;
            high = after ? high : middle;
          }
          return low;
        });
    for (int i = 0; i < places.length; i++) {
      DType.INT64.writeLong(outputs[0].address() + 8L * i, places[i]);
    }
  }

  /** NaN comes after all numbers. */
  private boolean isAfter(double value, double edge) {
    return right ? !(value < edge) : !(value <= edge);
  }
}
