package io.kindling.tensor;

import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.reduce.All;
import io.kindling.op.reduce.Amax;
import io.kindling.op.reduce.Amin;
import io.kindling.op.reduce.Any;
import io.kindling.op.reduce.ArgMax;
import io.kindling.op.reduce.ArgMin;
import io.kindling.op.reduce.CumSum;
import io.kindling.op.reduce.Mean;
import io.kindling.op.reduce.Prod;
import io.kindling.op.reduce.Sum;
import java.util.Arrays;
import java.util.List;

/** Many elements made one: of all dimensions or of those that are named. */
interface ReductionMethods {
  default Tensor sum() {
    return Dispatch.run(new Sum(List.of(), false), self());
  }

  default Tensor sum(boolean keepDim, int... dims) {
    return Dispatch.run(new Sum(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  default Tensor mean() {
    return Dispatch.run(new Mean(List.of(), false), self());
  }

  default Tensor mean(boolean keepDim, int... dims) {
    return Dispatch.run(new Mean(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  default Tensor amax(boolean keepDim, int... dims) {
    return Dispatch.run(new Amax(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  default Tensor amin(boolean keepDim, int... dims) {
    return Dispatch.run(new Amin(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  default Tensor prod() {
    return prod(false);
  }

  default Tensor prod(boolean keepDim, int... dims) {
    return Dispatch.run(new Prod(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  /** Whether any value differs from 0. */
  default Tensor any() {
    return any(false);
  }

  default Tensor any(boolean keepDim, int... dims) {
    return Dispatch.run(new Any(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  /** Whether all values differ from 0. */
  default Tensor all() {
    return all(false);
  }

  default Tensor all(boolean keepDim, int... dims) {
    return Dispatch.run(new All(Arrays.stream(dims).boxed().toList(), keepDim), self());
  }

  /**
   * The variance of a floating type: the sum of squared deviations from the mean, divided by the
   * number of values less {@code correction} (PyTorch's default is 1).
   */
  default Tensor var(int correction, boolean keepDim, int... dims) {
    return Scope.tidy(
        () -> {
          Tensor squares = self().sub(mean(true, dims)).square().sum(keepDim, dims);
          double count = (double) self().numel() / Math.max(squares.numel(), 1);
          return squares.div(Math.max(count - correction, 0));
        });
  }

  /** The root of {@link #var}. */
  default Tensor std(int correction, boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.root(var(correction, keepDim, dims), 2));
  }

  /** The root of the sum of squares. */
  default Tensor norm() {
    return norm(2, false);
  }

  /** {@code sum(|x|^p)^(1/p)}; the largest absolute value for infinity. */
  default Tensor norm(double p, boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.of(self(), p, keepDim, dims));
  }

  /** {@code log(sum(e^x))}. */
  default Tensor logsumexp(boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.logSumExp(self(), keepDim, dims));
  }

  /** The sum of each value of a dimension and all before it. */
  default Tensor cumsum(int dim) {
    return Dispatch.run(new CumSum(dim), self());
  }

  /** The place of the largest value of all, counted in row-major order. */
  default Tensor argmax() {
    return Scope.tidy(() -> self().reshape(-1).argmax(0));
  }

  default Tensor argmax(int dim) {
    return argmax(dim, false);
  }

  default Tensor argmax(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMax(dim, keepDim), self());
  }

  /** The place of the smallest value of all, counted in row-major order. */
  default Tensor argmin() {
    return Scope.tidy(() -> self().reshape(-1).argmin(0));
  }

  default Tensor argmin(int dim) {
    return argmin(dim, false);
  }

  default Tensor argmin(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMin(dim, keepDim), self());
  }

  default Tensor max() {
    return amax(false);
  }

  /** The largest values of a dimension and where they are; only they get a gradient. */
  default ValuesAndIndices max(int dim, boolean keepDim) {
    return taken(argmax(dim, true), dim, keepDim);
  }

  default Tensor min() {
    return amin(false);
  }

  /** The smallest values of a dimension and where they are; only they get a gradient. */
  default ValuesAndIndices min(int dim, boolean keepDim) {
    return taken(argmin(dim, true), dim, keepDim);
  }

  private ValuesAndIndices taken(Tensor indices, int dim, boolean keepDim) {
    Tensor values = self().gather(dim, indices);
    if (keepDim || self().dim() == 0) {
      return new ValuesAndIndices(values, indices);
    }
    try (values;
        indices) {
      return new ValuesAndIndices(values.squeeze(dim), indices.squeeze(dim));
    }
  }

  /** Sums away what broadcasting from {@code shape} to this shape had repeated. */
  default Tensor sumToSize(Shape shape) {
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
          Tensor summed = repeated.length == 0 ? self().alias() : sum(true, repeated);
          return summed.shape().equals(shape) ? summed : summed.view(shape.toArray());
        });
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
