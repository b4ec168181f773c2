package io.kindling.op.reduce;

import io.kindling.op.GradientContext;
import io.kindling.tensor.Tensor;

/** The product of each value along a dimension and all before it. */
public record CumProd(int dim) implements Cumulative {
  @Override
  public String name() {
    return "cumprod";
  }

  @Override
  public double combine(double before, double value) {
    return before * value;
  }

  @Override
  public long combine(long before, long value) {
    return before * value;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  /**
   * Factor j's gradient is the sum over k of what flows into product k times the product of the
   * other factors up to k: for each j, the products with factor j replaced by 1. That is right
   * where factors are 0, and its own gradient is again one of products.
   */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    if (x.dim() == 0 || x.numel() == 0) {
      return new Tensor[] {gradients[0]};
    }
    int at = x.shape().dim(dim);
    long length = x.size(at);
    // (..., j, k): the line along k, the last dimension, once for each j.
    Tensor line = x.movedim(at, -1).unsqueeze(-2);
    Tensor flow = gradients[0].movedim(at, -1).unsqueeze(-2);
    Tensor j = Tensor.arange(length).unsqueeze(1);
    Tensor k = Tensor.arange(length);
    long[] sizes = line.shape().toArray();
    sizes[sizes.length - 2] = length;
    Tensor others = line.expand(sizes).maskedFill(j.eq(k), 1).cumprod(-1);
    Tensor from = others.mul(flow).maskedFill(k.lt(j), 0).sum(-1);
    return new Tensor[] {from.movedim(-1, at)};
  }
}
