package io.kindling.tensor;

/** Vector norms and what else takes a root of a sum, with gradient 0 where the sum is 0. */
final class Norm {
  private Norm() {}

  /** {@code sum(|x|^p)^(1/p)} and its limits at 0 and the infinities. */
  static Tensor of(Tensor x, double p, boolean keepDim, int[] dims) {
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().amax(keepDim, dims);
    }
    if (p == Double.NEGATIVE_INFINITY) {
      return x.abs().amin(keepDim, dims);
    }
    if (p == 0) {
      return x.ne(0).to(x.dtype()).sum(keepDim, dims);
    }
    if (p == 1) {
      return x.abs().sum(keepDim, dims);
    }
    if (p == 2) {
      return root(x.square().sum(keepDim, dims), 2);
    }
    return root(x.abs().pow(p).sum(keepDim, dims), p);
  }

  /** The root of values none of which is negative. */
  static Tensor root(Tensor x, double degree) {
    Tensor zero = x.eq(0);
    Tensor filled = x.maskedFill(zero, 1);
    Tensor root = degree == 2 ? filled.sqrt() : filled.pow(1 / degree);
    return root.maskedFill(zero, 0);
  }

  /** {@code log(sum(e^x))}, without overflow. */
  static Tensor logSumExp(Tensor x, boolean keepDim, int[] dims) {
    if (x.numel() == 0) {
      return x.exp().sum(keepDim, dims).log();
    }
    Tensor largest = x.detach().amax(true, dims);
    Tensor shift = largest.maskedFill(largest.isinf(), 0);
    Tensor sum = x.sub(shift).exp().sum(keepDim, dims).log();
    return sum.add(shift.reshape(sum.shape().toArray()));
  }
}
