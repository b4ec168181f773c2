package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.op.Op;
import java.util.ArrayList;
import java.util.List;

/** What occurs in a tensor, and how often. */
final class Counting {
  private Counting() {}

  static List<Tensor> unique(Tensor input, Integer dim, boolean inverse, boolean counts) {
    Tensor x = input.detach();
    // Rows (N, K) of which the different ones are wanted.
    Tensor rows = dim == null ? x.reshape(-1, 1) : x.movedim(dim, 0).reshape(x.size(dim), -1);
    long count = rows.size(0);
    Tensor order = Tensor.arange(count);
    for (long column = rows.size(1) - 1; column >= 0; column--) {
      // A stable sort by each column, the first one last.
      order = order.indexSelect(0, rows.select(1, column).indexSelect(0, order).argsort(0));
    }
    Tensor sorted = rows.indexSelect(0, order);
    Tensor differs = Tensor.full(1, DType.BOOL, Math.min(count, 1));
    if (count > 1) {
      Tensor next = sorted.narrow(0, 1, count - 1).ne(sorted.narrow(0, 0, count - 1)).any(1);
      differs = Tensor.cat(List.of(differs, next.to(DType.BOOL)), 0);
    }
    Tensor firsts = differs.nonzero().reshape(-1);
    Tensor group = differs.cumsum(0).sub(1);
    Tensor chosen = order.indexSelect(0, firsts);
    List<Tensor> results = new ArrayList<>();
    results.add(dim == null ? x.reshape(-1).indexSelect(0, chosen) : x.indexSelect(dim, chosen));
    if (inverse) {
      Tensor places = Tensor.zerosLike(group).scatter(0, order, group);
      results.add(dim == null ? places.reshape(x.shape().toArray()) : places);
    }
    if (counts) {
      Tensor none = Tensor.full(0, DType.INT64, firsts.size(0));
      results.add(none.scatterAdd(0, group, Tensor.onesLike(group)));
    }
    return results;
  }

  static Tensor bincount(Tensor x, Tensor weights, long minlength) {
    Op.checkType("bincount", x, DType.INT64, DType.INT32, DType.INT16, DType.INT8, DType.UINT8);
    if (x.dim() != 1 || (weights != null && !weights.shape().equals(x.shape()))) {
      throw new ShapeException(
          "expected integers (N) and as many weights, got "
              + x.shape()
              + (weights == null ? "" : " and " + weights.shape()));
    }
    boolean empty = x.numel() == 0;
    if (minlength < 0 || (!empty && x.min().itemLong() < 0)) {
      throw new KindlingException("expected no negative number, nor minlength, got one");
    }
    long length = Math.max(empty ? 0 : x.max().itemLong() + 1, minlength);
    Tensor places = x.toLong();
    Tensor values = weights == null ? Tensor.onesLike(places) : weights.detach();
    if (weights != null && weights.dtype() != DType.FLOAT32) {
      values = values.toDouble();
    }
    return Tensor.full(0, values.dtype(), length).scatterAdd(0, places, values);
  }

  static Tensor histc(Tensor input, long bins, double min, double max) {
    if (!input.dtype().isFloatingPoint()) {
      throw new DTypeException("expected a floating type, got " + input.dtype());
    }
    if (bins < 1) {
      throw new KindlingException("expected at least one bin, got " + bins);
    }
    Tensor x = input.detach().reshape(-1);
    double low = min;
    double high = max;
    if (low == high && x.numel() > 0) {
      low = x.min().item();
      high = x.max().item();
    }
    if (low == high) {
      low -= 1;
      high += 1;
    }
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new KindlingException("expected finite bounds in order, got " + low + " and " + high);
    }
    Tensor inside = x.maskedSelect(x.ge(low).logicalAnd(x.le(high)));
    Tensor place = inside.sub(low).mul(bins).div(high - low).toLong().clamp(null, bins - 1);
    return Tensor.full(0, x.dtype(), bins).scatterAdd(0, place, Tensor.onesLike(inside));
  }
}
