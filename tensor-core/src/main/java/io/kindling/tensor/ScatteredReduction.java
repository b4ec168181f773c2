package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.index.ScatterReduce;
import io.kindling.op.index.ScatterReduction;
import java.util.Arrays;

/** Elements that come to one place, combined. */
final class ScatteredReduction {
  private ScatteredReduction() {}

  static Tensor of(
      Tensor x, int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    if (!reduce.equals("mean")) {
      return run(x, dim, index, source, reduction("scatterReduce", reduce), includeSelf);
    }
    Tensor sum = run(x, dim, index, source, ScatterReduction.SUM, includeSelf);
    Tensor own = includeSelf ? Tensor.onesLike(x) : Tensor.onesLike(x).scatter(dim, index, 0);
    Tensor count = run(own, dim, index, Tensor.onesLike(source), ScatterReduction.SUM, true);
    return x.dtype().isFloatingPoint() ? sum.div(count) : sum.div(count, "floor");
  }

  private static Tensor run(
      Tensor x,
      int dim,
      Tensor index,
      Tensor source,
      ScatterReduction reduction,
      boolean includeSelf) {
    return Dispatch.run(new ScatterReduce(dim, reduction, includeSelf), x, index, source);
  }

  private static ScatterReduction reduction(String name, String reduce) {
    return Arrays.stream(ScatterReduction.values())
        .filter(known -> known.name().equalsIgnoreCase(reduce))
        .findFirst()
        .orElseThrow(
            () ->
                new KindlingException(
                    name
                        + ": expected the reduction sum, prod, mean, amax or amin, got '"
                        + reduce
                        + "'"));
  }

  /** As {@link #of}, with one index for each slice of a dimension. */
  static Tensor ofSlices(
      Tensor x, int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    if (reduce.equals("sum")) {
      throw new KindlingException(
          "indexReduce: expected the reduction prod, mean, amax or amin; use indexAdd for sums");
    }
    if (index.dim() > 1) {
      throw new ShapeException("indexReduce: expected a vector as index, got " + index.shape());
    }
    Op.checkType("indexReduce", index, DType.INT64, DType.INT32);
    if (source.dtype() != x.dtype()) {
      throw new DTypeException(
          "indexReduce: expected a source of type "
              + x.dtype()
              + ", got "
              + source.dtype()
              + "; convert it with to()");
    }
    if (x.dim() == 0 && source.dim() == 0) {
      Tensor line = x.unsqueeze(0);
      return ofSlices(line, dim, index, source.unsqueeze(0), reduce, includeSelf).squeeze(0);
    }
    int at = x.shape().dim(dim);
    Shape expected = x.shape().with(at, index.numel());
    if (!source.shape().equals(expected)) {
      throw new ShapeException(
          "indexReduce: expected a source of shape " + expected + ", got " + source.shape());
    }
    long[] along = new long[x.dim()];
    Arrays.fill(along, 1);
    along[at] = index.numel();
    Tensor places = index.reshape(along).expand(expected.toArray());
    return of(x, at, places, source, reduce, includeSelf);
  }
}
