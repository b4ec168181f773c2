package io.kindling.tensor;

import io.kindling.op.Op;

/** Vector norms and what else takes a root of a sum, with gradient 0 where the sum is 0. */
final class Norm {
  private Norm() {}

  /** {@code sum(|x|^p)^(1/p)} and its limits at 0 and the infinities. */
  static Tensor of(Tensor x, double p, boolean keepDim, int[] dims) {
    Op.checkType("norm", x, DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
    if (p == Double.POSITIVE_INFINITY) {
      return x.abs().amax(dims, keepDim);
    }
    if (p == Double.NEGATIVE_INFINITY) {
      return x.abs().amin(dims, keepDim);
    }
    if (p == 0) {
      // The gradient is 0 and not missing.
      return x.mul(0).maskedFill(x.ne(0), 1).sum(dims, keepDim);
    }
    if (p == 1) {
      return x.abs().sum(dims, keepDim);
    }
    if (p == 2) {
      return root(x.square().sum(dims, keepDim), 2);
    }
    return root(x.abs().pow(p).sum(dims, keepDim), p);
  }

  /** Variance and mean. */
  static Tensor[] variance(String name, Tensor x, int[] dims, double correction, boolean keepDim) {
    Op.checkType(name, x, DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
    Tensor mean = x.mean(dims, true);
    Tensor squares = x.sub(mean).square().sum(dims, keepDim);
    double count = (double) x.numel() / Math.max(mean.numel(), 1);
    return new Tensor[] {
      squares.div(Math.max(count - correction, 0)), mean.reshape(squares.shape().toArray())
    };
  }

  /** The elements of a dimension at these places, which stand where they stood. */
  static ValuesAndIndices taken(Tensor x, Tensor indices, int dim, boolean keepDim) {
    Tensor values = x.gather(dim, indices);
    if (keepDim || x.dim() == 0) {
      return new ValuesAndIndices(values, indices);
    }
    return new ValuesAndIndices(values.squeeze(dim), indices.squeeze(dim));
  }

  /** The root of values none of which is negative. */
  static Tensor root(Tensor x, double degree) {
    Tensor zero = x.eq(0);
    Tensor filled = x.maskedFill(zero, 1);
    Tensor root = degree == 2 ? filled.sqrt() : filled.pow(1 / degree);
    return root.maskedFill(zero, 0);
  }

  /** {@code log(sum(e^x))}, without overflow. */
  static Tensor logSumExp(Tensor input, boolean keepDim, int[] dims) {
    Tensor x = input.dtype().isFloatingPoint() ? input : input.to(DType.defaultFloating());
    if (x.numel() == 0) {
      return x.detach().exp().sum(dims, keepDim).log();
    }
    Tensor largest = x.detach().amax(dims, true);
    Tensor shift = largest.maskedFill(largest.isinf(), 0);
    Tensor sum = x.sub(shift).exp().sum(dims, keepDim).log();
    return sum.add(shift.reshape(sum.shape().toArray()));
  }
}
