package io.kindling.op.reduce;

import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The product; integers and booleans are multiplied as int64. Its gradients of all orders are right
 * where factors are 0 too.
 *
 * @param dims the reduced dimensions; empty means all
 * @param keepDim whether they stay with size 1
 */
public record Prod(List<Integer> dims, boolean keepDim) implements Reduction {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.FLOAT32;
  }

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

  /** A factor's gradient is the product of the others. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor x = context.input(0);
    Tensor others =
        x.eq(0).any().item() == 0 ? Dispatch.run(new Prod(dims, true), x).div(x) : others(x);
    return new Tensor[] {withReducedDims(gradients[0], x.shape()).mul(others)};
  }

  /** Without a division: the product of all factors before, by that of all after. */
  private Tensor others(Tensor x) {
    BitSet reduced = reduced(x.shape());
    int[] order =
        IntStream.concat(
                IntStream.range(0, x.dim()).filter(dim -> !reduced.get(dim)),
                IntStream.range(0, x.dim()).filter(reduced::get))
            .toArray();
    Tensor last = x.permute(order);
    long length = reduced.stream().mapToLong(x::size).reduce(1, (a, b) -> a * b);
    Tensor lines = last.reshape(x.numel() / length, length);
    Tensor one = Tensor.onesLike(lines.narrow(1, 0, 1));
    Tensor before = Tensor.cat(List.of(one, lines.narrow(1, 0, length - 1)), 1).cumprod(1);
    Tensor after =
        Tensor.cat(List.of(one, lines.flip(1).narrow(1, 0, length - 1)), 1).cumprod(1).flip(1);
    int[] back = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
    }
    return before.mul(after).reshapeAs(last).permute(back);
  }
}
