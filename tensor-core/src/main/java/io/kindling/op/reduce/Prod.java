package io.kindling.op.reduce;

import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * The product; integers and booleans are multiplied as int64. Its gradient is right where factors
 * are 0 too; gradients of gradients are right where none is.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Prod(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public double identity() {
    return 1;
  }

  @Override
  public double combine(double a, double b) {
    return a * b;
  }

  @Override
  public double fold(double[] x, int count) {
    double result = x[0];
    for (int i = 1; i < count; i++) {
      result = result * x[i];
    }
    return result;
  }

  @Override
  public void accumulate(double[] x, double[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] *= x[i];
    }
  }

  @Override
  public void accumulate(long[] x, long[] partial, int count) {
    for (int i = 0; i < count; i++) {
      partial[i] *= x[i];
    }
  }

  @Override
  public DType result(DType input) {
    return input.isFloatingPoint() ? input : DType.INT64;
  }

  @Override
  public long combineLongs(long a, long b) {
    return a * b;
  }

  @Override
  public long identityLongs() {
    return 1;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    // A factor's gradient is the product of the others: that of the factors other than 0, divided
    // by this one, unless another is 0.
    Tensor x = context.input(0);
    Tensor zero = x.eq(0);
    Tensor factors = Tensor.where(zero, Tensor.onesLike(x), x);
    Tensor product = Dispatch.run(new Prod(dims, true), factors);
    Tensor zeros = Dispatch.run(new Sum(dims, true), zero);
    Tensor others = zeros.sub(zero.to(DType.INT64)).eq(0);
    Tensor g = withReducedDims(gradients[0], x.shape());
    return new Tensor[] {g.mul(product.div(factors)).mul(others)};
  }
}
