package io.kindling.bench.ours;

import io.kindling.autograd.Autograd;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.tensor.Tensor;

/** One operation. */
final class Operation implements Work {
  private static final int[] ONE = {1, 1};

  private final OpCase.Kind kind;
  private final Tensor x;
  private final Tensor other;
  private final Tensor bias;

  Operation(OpCase op, Format format) {
    kind = op.kind();
    long[] shape = op.inputShape();
    x = Ours.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
    long[] second = op.otherShape();
    other =
        second == null
            ? null
            : Ours.tensor(Values.uniform(2, Values.product(second, 0), 1), second, Format.NCHW);
    bias =
        kind == OpCase.Kind.CONV
            ? Ours.tensor(Values.uniform(3, second[0], 1), new long[] {second[0]}, Format.NCHW)
            : null;
  }

  private Tensor result() {
    return switch (kind) {
      case MATMUL -> x.matmul(other);
      case CONV -> F.conv2d(x, other, bias, ONE, ONE, ONE, 1);
      case ADD -> x.add(other);
      case RELU -> x.relu();
      case EXP -> x.exp();
      case SUM -> x.sum();
      case SUM_ROWS -> x.sum(0);
      case SOFTMAX -> x.softmax(1);
    };
  }

  @Override
  public void run() {
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      result();
    }
  }

  @Override
  public double check() {
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      return result().abs().mean().item();
    }
  }

  @Override
  public void close() {
    x.close();
    if (other != null) {
      other.close();
    }
    if (bias != null) {
      bias.close();
    }
  }
}
