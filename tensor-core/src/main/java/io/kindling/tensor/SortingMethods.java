package io.kindling.tensor;

import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.index.Sort;
import io.kindling.op.index.TopK;
import java.util.List;
import java.util.function.Function;

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

  default ValuesAndIndices mode() {
    return mode(-1);
  }

  default ValuesAndIndices mode(int dim) {
    return mode(dim, false);
  }

  /** The most frequent value of a dimension, the smallest of several, and where it last is. */
  default ValuesAndIndices mode(int dim, boolean keepDim) {
    return Composite.both("mode", () -> OrderStatistics.mode(self(), dim, keepDim));
  }

  /** The different values in order. */
  default Tensor unique() {
    return unique(true, false, false).get(0);
  }

  /**
   * The different values in order and, where asked for, the place among them of each element, and
   * how often each occurs, as int64.
   *
   * @param sorted has no effect: the values are always in order
   */
  default List<Tensor> unique(boolean sorted, boolean returnInverse, boolean returnCounts) {
    return Composite.runAll(
        "unique", () -> Counting.unique(self(), null, returnInverse, returnCounts));
  }

  /**
   * The different slices of a dimension in order, as {@link #unique(boolean, boolean, boolean)}.
   */
  default List<Tensor> unique(
      boolean sorted, boolean returnInverse, boolean returnCounts, int dim) {
    return Composite.runAll(
        "unique", () -> Counting.unique(self(), dim, returnInverse, returnCounts));
  }

  /** How often each number from 0 occurs in integers {@code (N)}, none of them negative. */
  default Tensor bincount() {
    return bincount(null, 0);
  }

  default Tensor bincount(Tensor weights) {
    return bincount(weights, 0);
  }

  /**
   * The sums of the weights of each number from 0.
   *
   * @param weights {@code (N)}, or null for ones
   * @param minlength the least number of sums
   */
  default Tensor bincount(Tensor weights, long minlength) {
    return Composite.run("bincount", () -> Counting.bincount(self(), weights, minlength));
  }

  default Tensor histc() {
    return histc(100);
  }

  default Tensor histc(long bins) {
    return histc(bins, 0, 0);
  }

  /**
   * How many values lie in each of {@code bins} intervals of equal width from {@code min} to {@code
   * max}; from the smallest value to the largest if both are equal. Others do not count.
   */
  default Tensor histc(long bins, double min, double max) {
    return Composite.run("histc", () -> Counting.histc(self(), bins, min, max));
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

  /** As {@link #quantile(Tensor, int, boolean, String)}, interpolated between neighbours. */
  default Tensor quantile(Tensor q, int dim, boolean keepDim) {
    return quantile(q, dim, keepDim, "linear");
  }

  default Tensor quantile(Tensor q, int dim) {
    return quantile(q, dim, false);
  }

  /** The quantiles of all elements. */
  default Tensor quantile(Tensor q) {
    return quantiles(null, false, "linear", in -> in[1], self(), q);
  }

  /**
   * The values below which shares {@code q} (from 0 to 1, a scalar or {@code (Q)}) of a dimension
   * lie; several shares are the result's first dimension.
   *
   * @param interpolation what stands between two values: linear, lower, higher, midpoint, nearest
   */
  default Tensor quantile(Tensor q, int dim, boolean keepDim, String interpolation) {
    return quantiles(dim, keepDim, interpolation, in -> in[1], self(), q);
  }

  /**
   * All of the forms above and below.
   *
   * @param shares made of the inputs as autocast casts them, the first of which is this tensor
   */
  private Tensor quantiles(
      Integer dim,
      boolean keepDim,
      String interpolation,
      Function<Tensor[], Tensor> shares,
      Tensor... inputs) {
    return Composite.cast(
        "quantile",
        CastPolicy.FLOAT32,
        in -> OrderStatistics.quantile(in[0], shares.apply(in), dim, keepDim, interpolation),
        inputs);
  }

  default Tensor quantile(double q) {
    return quantiles(q, null, false, "linear");
  }

  default Tensor quantile(double q, int dim) {
    return quantile(q, dim, false);
  }

  default Tensor quantile(double q, int dim, boolean keepDim) {
    return quantile(q, dim, keepDim, "linear");
  }

  default Tensor quantile(double q, int dim, boolean keepDim, String interpolation) {
    return quantiles(q, dim, keepDim, interpolation);
  }

  private Tensor quantiles(double q, Integer dim, boolean keepDim, String interpolation) {
    return quantiles(dim, keepDim, interpolation, in -> Tensor.full(q, in[0].dtype()), self());
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
