package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.reduce.All;
import io.kindling.op.reduce.Amax;
import io.kindling.op.reduce.Amin;
import io.kindling.op.reduce.Any;
import io.kindling.op.reduce.ArgMax;
import io.kindling.op.reduce.ArgMin;
import io.kindling.op.reduce.CumMax;
import io.kindling.op.reduce.CumMin;
import io.kindling.op.reduce.CumProd;
import io.kindling.op.reduce.CumSum;
import io.kindling.op.reduce.Mean;
import io.kindling.op.reduce.Prod;
import io.kindling.op.reduce.Sum;
import java.util.Arrays;
import java.util.List;

/**
 * Many elements made one: of all dimensions or of those that are named, which stay with size 1
 * where {@code keepDim} says so. A null array of dimensions, or an empty one, means all.
 */
interface ReductionMethods {
  /** The sum; integers and booleans are summed as int64. */
  default Tensor sum() {
    return sum(null, false);
  }

  default Tensor sum(int... dim) {
    return sum(dim, false);
  }

  default Tensor sum(int dim, boolean keepDim) {
    return sum(new int[] {dim}, keepDim);
  }

  default Tensor sum(int[] dim, boolean keepDim) {
    return Dispatch.run(new Sum(list(dim), keepDim), self());
  }

  /** The arithmetic mean of a floating type. */
  default Tensor mean() {
    return mean(null, false);
  }

  default Tensor mean(int... dim) {
    return mean(dim, false);
  }

  default Tensor mean(int dim, boolean keepDim) {
    return mean(new int[] {dim}, keepDim);
  }

  default Tensor mean(int[] dim, boolean keepDim) {
    return Dispatch.run(new Mean(list(dim), keepDim), self());
  }

  /** The product; integers and booleans are multiplied as int64. */
  default Tensor prod() {
    return prod(null, false);
  }

  default Tensor prod(int... dim) {
    return prod(dim, false);
  }

  default Tensor prod(int dim, boolean keepDim) {
    return prod(new int[] {dim}, keepDim);
  }

  default Tensor prod(int[] dim, boolean keepDim) {
    return Dispatch.run(new Prod(list(dim), keepDim), self());
  }

  /** The largest value; equal ones share the gradient. */
  default Tensor amax() {
    return amax(null, false);
  }

  default Tensor amax(int... dim) {
    return amax(dim, false);
  }

  default Tensor amax(int dim, boolean keepDim) {
    return amax(new int[] {dim}, keepDim);
  }

  default Tensor amax(int[] dim, boolean keepDim) {
    return Dispatch.run(new Amax(list(dim), keepDim), self());
  }

  /** The smallest value; equal ones share the gradient. */
  default Tensor amin() {
    return amin(null, false);
  }

  default Tensor amin(int... dim) {
    return amin(dim, false);
  }

  default Tensor amin(int dim, boolean keepDim) {
    return amin(new int[] {dim}, keepDim);
  }

  default Tensor amin(int[] dim, boolean keepDim) {
    return Dispatch.run(new Amin(list(dim), keepDim), self());
  }

  /** Whether any value differs from 0. */
  default Tensor any() {
    return any(null, false);
  }

  default Tensor any(int... dim) {
    return any(dim, false);
  }

  default Tensor any(int dim, boolean keepDim) {
    return any(new int[] {dim}, keepDim);
  }

  default Tensor any(int[] dim, boolean keepDim) {
    return Dispatch.run(new Any(list(dim), keepDim), self());
  }

  /** Whether all values differ from 0. */
  default Tensor all() {
    return all(null, false);
  }

  default Tensor all(int... dim) {
    return all(dim, false);
  }

  default Tensor all(int dim, boolean keepDim) {
    return all(new int[] {dim}, keepDim);
  }

  default Tensor all(int[] dim, boolean keepDim) {
    return Dispatch.run(new All(list(dim), keepDim), self());
  }

  /** How many elements differ from 0, as int64. */
  default Tensor countNonzero(int... dim) {
    return Composite.run("countNonzero", () -> self().ne(0).sum(dim));
  }

  /**
   * The variance of a floating type: the sum of squared deviations from the mean, divided by the
   * number of values less {@code correction}.
   */
  default Tensor var(int[] dim, double correction, boolean keepDim) {
    return Composite.run("var", () -> Norm.variance("var", self(), dim, correction, keepDim)[0]);
  }

  /** As {@link #var(int[], double, boolean)}, with correction 1. */
  default Tensor var(int... dim) {
    return var(dim, 1, false);
  }

  /** The root of the variance. */
  default Tensor std(int[] dim, double correction, boolean keepDim) {
    return Composite.run(
        "std", () -> Norm.root(Norm.variance("std", self(), dim, correction, keepDim)[0], 2));
  }

  /** As {@link #std(int[], double, boolean)}, with correction 1. */
  default Tensor std(int... dim) {
    return std(dim, 1, false);
  }

  /** The variance, and the mean beside it. */
  default List<Tensor> varMean(int[] dim, double correction, boolean keepDim) {
    return Composite.runAll(
        "varMean", () -> List.of(Norm.variance("varMean", self(), dim, correction, keepDim)));
  }

  /** As {@link #varMean(int[], double, boolean)}, with correction 1. */
  default List<Tensor> varMean(int... dim) {
    return varMean(dim, 1, false);
  }

  /** The root of the sum of squares. */
  default Tensor norm() {
    return norm(2);
  }

  /** {@code sum(|x|^p)^(1/p)} of all elements; the largest absolute value for infinity. */
  default Tensor norm(double p) {
    return norm(p, null, false);
  }

  default Tensor norm(double p, int... dim) {
    return norm(p, dim, false);
  }

  default Tensor norm(double p, int dim, boolean keepDim) {
    return norm(p, new int[] {dim}, keepDim);
  }

  default Tensor norm(double p, int[] dim, boolean keepDim) {
    return Composite.run("norm", () -> Norm.of(self(), p, keepDim, dim));
  }

  /** {@code log(sum(e^x))}. */
  default Tensor logsumexp(int[] dim, boolean keepDim) {
    return Composite.run("logsumexp", () -> Norm.logSumExp(self(), keepDim, dim));
  }

  default Tensor logsumexp(int dim, boolean keepDim) {
    return logsumexp(new int[] {dim}, keepDim);
  }

  default Tensor logsumexp(int... dim) {
    return logsumexp(dim, false);
  }

  /** The sum of each value of a dimension and all before it. */
  default Tensor cumsum(int dim) {
    return Dispatch.run(new CumSum(dim), self());
  }

  /** The product of each value of a dimension and all before it. */
  default Tensor cumprod(int dim) {
    return Dispatch.run(new CumProd(dim), self());
  }

  /** The largest value of a dimension up to each place, and where it is: the last of equal ones. */
  default ValuesAndIndices cummax(int dim) {
    return ValuesAndIndices.of(Dispatch.runAll(new CumMax(dim), self()));
  }

  /**
   * The smallest value of a dimension up to each place, and where it is: the last of equal ones.
   */
  default ValuesAndIndices cummin(int dim) {
    return ValuesAndIndices.of(Dispatch.runAll(new CumMin(dim), self()));
  }

  /** The place of the largest value of all, counted in row-major order. */
  default Tensor argmax() {
    return Composite.run("argmax", () -> self().reshape(-1).argmax(0));
  }

  default Tensor argmax(int dim) {
    return argmax(dim, false);
  }

  default Tensor argmax(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMax(dim, keepDim), self());
  }

  /** The place of the smallest value of all, counted in row-major order. */
  default Tensor argmin() {
    return Composite.run("argmin", () -> self().reshape(-1).argmin(0));
  }

  default Tensor argmin(int dim) {
    return argmin(dim, false);
  }

  default Tensor argmin(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMin(dim, keepDim), self());
  }

  default Tensor max() {
    return Composite.run("max", () -> amax());
  }

  /** {@link Tensor#maximum}. */
  default Tensor max(Tensor other) {
    return self().maximum(other);
  }

  default ValuesAndIndices max(int dim) {
    return max(dim, false);
  }

  /** The largest values of a dimension and where they are; only they get a gradient. */
  default ValuesAndIndices max(int dim, boolean keepDim) {
    return Composite.both("max", () -> Norm.taken(self(), argPlace(dim, true), dim, keepDim));
  }

  default Tensor min() {
    return Composite.run("min", () -> amin());
  }

  /** {@link Tensor#minimum}. */
  default Tensor min(Tensor other) {
    return self().minimum(other);
  }

  default ValuesAndIndices min(int dim) {
    return min(dim, false);
  }

  /** The smallest values of a dimension and where they are; only they get a gradient. */
  default ValuesAndIndices min(int dim, boolean keepDim) {
    return Composite.both("min", () -> Norm.taken(self(), argPlace(dim, false), dim, keepDim));
  }

  private Tensor argPlace(int dim, boolean largest) {
    Tensor from = self().dtype() == DType.BOOL ? self().to(DType.UINT8) : self();
    return largest ? from.argmax(dim, true) : from.argmin(dim, true);
  }

  /** Sums away what broadcasting from {@code shape} to this shape had repeated. */
  default Tensor sumToSize(Shape shape) {
    if (!self().shape().equals(Shape.broadcast(shape, self().shape()))) {
      throw new ShapeException(
          "sumToSize: "
              + shape
              + " does not broadcast to "
              + self().shape()
              + "; expected the same sizes, or 1, of the last dimensions");
    }
    int added = self().dim() - shape.rank();
    int[] dims = new int[self().dim()];
    int count = 0;
    for (int i = 0; i < self().dim(); i++) {
      if (i < added || (shape.size(i - added) == 1 && self().size(i) != 1)) {
        dims[count++] = i;
      }
    }
    int[] repeated = Arrays.copyOf(dims, count);
    return Scope.tidy(
        () -> {
          Tensor summed = repeated.length == 0 ? self().alias() : sum(repeated, true);
          return summed.shape().equals(shape) ? summed : summed.view(shape.toArray());
        });
  }

  private static List<Integer> list(int[] dim) {
    return dim == null ? List.of() : Arrays.stream(dim).boxed().toList();
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
