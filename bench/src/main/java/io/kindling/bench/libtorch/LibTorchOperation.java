package io.kindling.bench.libtorch;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.Input;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;

/** One operation in inference mode, or one with its gradient. */
final class LibTorchOperation implements Work {
  private final OpCase op;
  private final InferenceMode mode;
  private final List<Tensor> operands = new ArrayList<>();
  private final List<Tensor> leaves = new ArrayList<>();
  private final Supplier<Tensor> forward;

  /** What flows into the result; null where that is a number. */
  private final Tensor gradient;

  private final BoolOptional dropGraph = new BoolOptional();
  private final TensorArrayRefOptional allLeaves = new TensorArrayRefOptional();

  LibTorchOperation(OpCase op, Format format) {
    this.op = op;
    mode = new InferenceMode(!op.backward());
    for (Input input : op.inputs()) {
      Tensor made = operand(input, format, operands.size() + 1);
      operands.add(made);
      if (op.backward() && input.isDifferentiable()) {
        leaves.add(made.set_requires_grad(true));
      }
    }
    forward = Operations.of(op.kind(), operands);
    gradient = op.backward() ? gradient(format) : null;
  }

  private static Tensor operand(Input input, Format format, int seed) {
    long[] shape = input.dimensions();
    return switch (input.type()) {
      case UNIFORM, POSITIVE -> LibTorch.tensor(input.values(seed), shape, format);
      case BFLOAT16 -> Tensor.create(input.values(seed), shape).to(torch.ScalarType.BFloat16);
      case MASK -> Tensor.create(input.values(seed), shape).gt(new Scalar(0L));
      case INDEX -> Tensor.create(input.indices(seed), shape);
    };
  }

  private Tensor gradient(Format format) {
    Tensor result = forward.get();
    return result.dim() == 0
        ? null
        : LibTorch.tensor(Values.uniform(9, result.numel(), 1), result.shape(), format);
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      step();
    }
  }

  private Tensor step() {
    for (Tensor leaf : leaves) {
      leaf.mutable_grad().reset();
    }
    Tensor result = forward.get();
    if (gradient != null) {
      result.backward(gradient, dropGraph, false, allLeaves);
    } else if (op.backward()) {
      result.backward();
    }
    return result;
  }

  @Override
  public double check() {
    try (PointerScope scope = new PointerScope()) {
      Tensor result = step();
      if (op.kind().isRandom()) {
        return result.numel();
      }
      double check = ranked(result);
      for (Tensor leaf : leaves) {
        check += ranked(leaf.mutable_grad());
      }
      return check;
    }
  }

  /** The mean of the elements' sizes, each times its place: another order shows. */
  private static double ranked(Tensor result) {
    long count = result.numel();
    Tensor places = torch.arange(new Scalar(1L), new Scalar(count + 1)).to(torch.ScalarType.Double);
    Tensor sizes = result.detach().contiguous().flatten(0, -1).to(torch.ScalarType.Double).abs();
    return sizes.mul(places).mean().item_double() / count;
  }

  @Override
  public void close() {
    operands.forEach(Tensor::close);
    if (gradient != null) {
      gradient.close();
    }
    mode.close();
  }
}
