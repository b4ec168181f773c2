package io.kindling.bench.libtorch;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** One operation. */
final class LibTorchOperation implements Work {
  private static final long[] ONE = {1, 1};

  private final OpCase.Kind kind;
  private final InferenceMode mode = new InferenceMode(true);
  private final Tensor x;
  private final Tensor other;
  private final TensorOptional bias;

  LibTorchOperation(OpCase op, Format format) {
    kind = op.kind();
    long[] shape = op.inputShape();
    x = LibTorch.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
    long[] second = op.otherShape();
    other =
        second == null
            ? null
            : LibTorch.tensor(Values.uniform(2, Values.product(second, 0), 1), second, format);
    bias =
        kind == OpCase.Kind.CONV
            ? new TensorOptional(Tensor.create(Values.uniform(3, second[0], 1), second[0]))
            : null;
  }

  private Tensor result() {
    return switch (kind) {
      case MATMUL -> x.matmul(other);
      case CONV -> torch.conv2d(x, other, bias, ONE, ONE, ONE, 1);
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
    try (PointerScope scope = new PointerScope()) {
      result();
    }
  }

  @Override
  public double check() {
    try (PointerScope scope = new PointerScope()) {
      return result().abs().mean().item_double();
    }
  }

  @Override
  public void close() {
    x.close();
    if (other != null) {
      other.close();
    }
    mode.close();
  }
}
