package io.kindling.bench.ours;

import io.kindling.autograd.Autograd;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.Input;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One operation, or one with its gradient. */
final class Operation implements Work {
  private final OpCase op;
  private final List<Tensor> operands = new ArrayList<>();
  private final List<Tensor> leaves = new ArrayList<>();
  private final Supplier<Tensor> forward;

  /** What flows into the result; null where that is a number. */
  private final Tensor gradient;

  Operation(OpCase op, Format format) {
    this.op = op;
    for (Input input : op.inputs()) {
      // Only the first has an order to choose: the others are made into what suits it.
      Tensor made = operand(input, operands.isEmpty() ? format : Format.NCHW, operands.size() + 1);
      operands.add(made);
      if (op.backward() && input.isDifferentiable()) {
        leaves.add(made.requiresGrad_());
      }
    }
    forward = Operations.of(op.kind(), operands);
    gradient = op.backward() ? gradient() : null;
  }

  private static Tensor operand(Input input, Format format, int seed) {
    long[] shape = input.dimensions();
    return switch (input.type()) {
      case UNIFORM, POSITIVE -> Ours.tensor(input.values(seed), shape, format);
      case BFLOAT16 -> Ours.kept(() -> Tensor.of(input.values(seed), shape).to(DType.BFLOAT16));
      case MASK -> Ours.kept(() -> Tensor.of(input.values(seed), shape).gt(0));
      case INDEX -> Ours.kept(() -> Tensor.of(input.indices(seed), shape));
    };
  }

  private Tensor gradient() {
    try (Scope scope = Scope.open()) {
      Tensor result = forward.get();
      return result.dim() == 0
          ? null
          : Scope.detach(
              Tensor.emptyLike(result.detach())
                  .copy_(
                      Tensor.of(Values.uniform(9, result.numel(), 1), result.shape().toArray())));
    }
  }

  @Override
  public void run() {
    try (Scope scope = Scope.open()) {
      step();
    }
  }

  private Tensor step() {
    if (op.backward()) {
      leaves.forEach(leaf -> leaf.setGrad(null));
      Tensor result = forward.get();
      result.backward(gradient);
      return result;
    }
    try (var off = Autograd.noGrad()) {
      return forward.get();
    }
  }

  @Override
  public double check() {
    try (Scope scope = Scope.open()) {
      Tensor result = step();
      try (var off = Autograd.noGrad()) {
        if (op.kind().isRandom()) {
          return result.numel();
        }
        double check = ranked(result);
        for (Tensor leaf : leaves) {
          check += ranked(leaf.grad());
        }
        return check;
      }
    }
  }

  /** The mean of the elements' sizes, each times its place: another order shows. */
  private static double ranked(Tensor result) {
    Tensor places = Tensor.arange(1, result.numel() + 1.0, 1, DType.FLOAT64);
    Tensor sizes = result.contiguous().flatten().to(DType.FLOAT64).abs();
    return sizes.mul(places).mean().item() / result.numel();
  }

  @Override
  public void close() {
    operands.forEach(Tensor::close);
    if (gradient != null) {
      gradient.close();
    }
  }
}
