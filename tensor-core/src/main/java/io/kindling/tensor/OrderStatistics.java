package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.index.LongestRun;

/** Values chosen by their place in a sorted dimension. */
final class OrderStatistics {
  private OrderStatistics() {}

  static ValuesAndIndices kth(Tensor x, long k, int dim, boolean keepDim) {
    long length = x.dim() == 0 ? 1 : x.size(dim);
    if (k < 1 || k > length) {
      throw new ShapeException(
          "k = " + k + " does not fit " + length + " values; expected one from 1 to " + length);
    }
    return at(x.sort(dim), k - 1, dim, keepDim);
  }

  private static ValuesAndIndices at(ValuesAndIndices sorted, long place, int dim, boolean keep) {
    if (sorted.values().dim() == 0) {
      return sorted;
    }
    Tensor values = sorted.values().select(dim, place);
    Tensor indices = sorted.indices().select(dim, place);
    if (!keep) {
      return new ValuesAndIndices(values.clone(), indices.clone());
    }
    int at = sorted.values().shape().dim(dim);
    return new ValuesAndIndices(values.unsqueeze(at).clone(), indices.unsqueeze(at).clone());
  }

  static Tensor median(Tensor x) {
    if (x.numel() == 0) {
      return Tensor.full(x.dtype().isFloatingPoint() ? Double.NaN : Long.MIN_VALUE, x.dtype());
    }
    return median(x.reshape(-1), 0, false).values();
  }

  static ValuesAndIndices median(Tensor x, int dim, boolean keepDim) {
    long length = x.dim() == 0 ? 1 : x.size(dim);
    if (length == 0) {
      throw new ShapeException("dimension " + dim + " of " + x.shape() + " is empty");
    }
    // NaN counts as the largest value; the first of them is chosen.
    Tensor nan = x.isnan();
    Tensor any = x.dim() == 0 ? nan : nan.any(dim, true);
    Tensor middle = kth(x.detach(), (length + 1) / 2, dim, true).indices();
    Tensor first = nan.to(DType.UINT8).argmax(dim, true);
    return Norm.taken(x, Tensor.where(any, first, middle), dim, keepDim);
  }

  static ValuesAndIndices mode(Tensor x, int dim, boolean keepDim) {
    ValuesAndIndices sorted = x.detach().sort(dim);
    Tensor place = Dispatch.run(new LongestRun(dim), sorted.values());
    Tensor from = x.dim() == 0 ? sorted.indices() : sorted.indices().gather(dim, place);
    return Norm.taken(x, from, dim, keepDim);
  }

  static Tensor quantile(Tensor x, Tensor q, Integer dim, boolean keepDim, String interpolation) {
    Op.checkType("quantile", x, DType.FLOAT32, DType.FLOAT64);
    Op.checkType("quantile", q, x.dtype());
    if (x.numel() == 0) {
      throw new ShapeException("quantile: there is none of a tensor of shape " + x.shape());
    }
    if (q.dim() > 1) {
      throw new ShapeException("expected shares of one dimension at most, got " + q.shape());
    }
    Tensor line = dim == null ? x.reshape(-1) : x.dim() == 0 ? x.reshape(1) : x;
    int at = line.shape().dim(dim == null ? 0 : dim);
    long length = line.size(at);
    for (double share : q.toDoubleArray()) {
      if (!(share >= 0 && share <= 1)) {
        throw new KindlingException("expected shares from 0 to 1, got " + share);
      }
    }
    Tensor sorted = line.movedim(at, -1).sort(-1).values();
    // A line with a NaN, which is sorted last, has no other quantile.
    Tensor last = sorted.narrow(-1, length - 1, 1);
    Tensor rank = q.reshape(-1).mul(length - 1);
    Tensor lower = rank.floor();
    Tensor weight =
        switch (interpolation) {
          case "linear" -> rank.sub(lower);
          case "lower" -> Tensor.zerosLike(rank);
          case "higher" -> rank.ceil().sub(lower);
          case "midpoint" -> rank.ceil().sub(lower).mul(0.5);
          case "nearest" -> rank.round().sub(lower);
          default ->
              throw new KindlingException(
                  "'"
                      + interpolation
                      + "' is no interpolation; use linear, lower, higher, midpoint or nearest");
        };
    Tensor below = sorted.indexSelect(-1, lower.toLong());
    Tensor above = sorted.indexSelect(-1, rank.ceil().toLong());
    Tensor between = below.lerp(above, weight.expand(below.shape().toArray()));
    Tensor result = Tensor.where(last.isnan(), last, between);
    // (..., Q) with the dimension last: the shares come first.
    Tensor shares = result.movedim(-1, 0);
    if (keepDim) {
      for (int i = 0; dim == null && i < x.dim(); i++) {
        shares = shares.unsqueeze(1);
      }
      shares = dim != null && x.dim() > 0 ? shares.unsqueeze(at + 1) : shares;
    }
    return (q.dim() == 0 ? shares.squeeze(0) : shares).clone();
  }
}
