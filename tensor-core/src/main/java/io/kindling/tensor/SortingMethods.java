package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.index.Sort;
import io.kindling.op.index.TopK;

/** Elements of a dimension in order. */
interface SortingMethods {
  /** The k largest values of a dimension, or the smallest, in order. */
  default ValuesAndIndices topk(long k, int dim, boolean largest) {
    return ValuesAndIndices.of(Dispatch.runAll(new TopK(k, dim, largest), self()));
  }

  default ValuesAndIndices topk(long k) {
    return topk(k, -1, true);
  }

  /** The values of a dimension in order; equal ones keep theirs. */
  default ValuesAndIndices sort(int dim, boolean descending) {
    return ValuesAndIndices.of(Dispatch.runAll(new Sort(dim, descending), self()));
  }

  default ValuesAndIndices sort(int dim) {
    return sort(dim, false);
  }

  default ValuesAndIndices sort() {
    return sort(-1, false);
  }

  /**
   * The k-th smallest value of a dimension, counted from 1, and where it is; only it gets a
   * gradient.
   */
  default ValuesAndIndices kthvalue(long k, int dim, boolean keepDim) {
    return Composite.both("kthvalue", () -> OrderStatistics.kth(self(), k, dim, keepDim));
  }

  default ValuesAndIndices kthvalue(long k, int dim) {
    return kthvalue(k, dim, false);
  }

  default ValuesAndIndices kthvalue(long k) {
    return kthvalue(k, -1, false);
  }

  /** The middle value of all, the lower of two; NaN if there is one. */
  default Tensor median() {
    return Composite.run("median", () -> OrderStatistics.median(self()));
  }

  default ValuesAndIndices median(int dim) {
    return median(dim, false);
  }

  /**
   * The middle value of a dimension, the lower of two, and where it is; NaN if there is one. Only
   * it gets a gradient.
   */
  default ValuesAndIndices median(int dim, boolean keepDim) {
    return Composite.both("median", () -> OrderStatistics.median(self(), dim, keepDim));
  }

  /** As {@link #quantile(Tensor, int[], boolean, String)}, interpolated between neighbours. */
  default Tensor quantile(Tensor q, int dim, boolean keepDim) {
    return quantile(q, dim, keepDim, "linear");
  }

  default Tensor quantile(Tensor q, int dim) {
    return quantile(q, dim, false);
  }

  /** The quantiles of all elements. */
  default Tensor quantile(Tensor q) {
    return Composite.run(
        "quantile", () -> OrderStatistics.quantile(self(), q, null, false, "linear"));
  }

  /**
   * The values below which shares {@code q} (from 0 to 1, a scalar or {@code (Q)}) of a dimension
   * lie; several shares are the result's first dimension.
   *
   * @param interpolation what stands between two values: linear, lower, higher, midpoint, nearest
   */
  default Tensor quantile(Tensor q, int dim, boolean keepDim, String interpolation) {
    return Composite.run(
        "quantile", () -> OrderStatistics.quantile(self(), q, dim, keepDim, interpolation));
  }

  default Tensor quantile(double q) {
    return Composite.run("quantile", () -> quantile(share(q)));
  }

  default Tensor quantile(double q, int dim) {
    return quantile(q, dim, false);
  }

  default Tensor quantile(double q, int dim, boolean keepDim) {
    return quantile(q, dim, keepDim, "linear");
  }

  default Tensor quantile(double q, int dim, boolean keepDim, String interpolation) {
    return Composite.run("quantile", () -> quantile(share(q), dim, keepDim, interpolation));
  }

  private Tensor share(double q) {
    return Tensor.full(q, self().dtype());
  }

  /** The places from which {@link #sort(int, boolean)} takes the values. */
  default Tensor argsort(int dim, boolean descending) {
    return Composite.run("argsort", () -> self().detach().sort(dim, descending).indices());
  }

  default Tensor argsort(int dim) {
    return argsort(dim, false);
  }

  default Tensor argsort() {
    return argsort(-1, false);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
