package io.kindling.op;

import io.kindling.memory.Scope;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.loss.LossReduction;
import io.kindling.op.loss.NllLoss;
import io.kindling.op.matmul.Linear;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import io.kindling.testing.GradientCheck;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients, and gradients of gradients, of the ops that networks are made of. */
class NetworkOpsGradientTest {
  private static Tensor values(long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.sin(1 + 1.7 * i + 0.1 * i * i);
    }
    return Tensor.of(values, shape);
  }

  private static void check(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
    for (Tensor input : inputs) {
      input.requiresGrad_();
    }
    GradientCheck.checkTwice(function, List.of(inputs));
  }

  @ParameterizedTest
  @EnumSource
  void convolution(MemoryFormat format) {
    for (Conv2d conv : List.of(new Conv2d(1, 1, 0, 0, 1, 1, 1), new Conv2d(2, 1, 1, 2, 1, 2, 2))) {
      try (Scope scope = Scope.open()) {
        check(
            in -> Dispatch.run(conv, in.get(0).contiguous(format), in.get(1), in.get(2)),
            values(2, 4, 5, 4),
            values(2, 4 / conv.groups(), 3, 2),
            values(2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void pooling(MemoryFormat format) {
    try (Scope scope = Scope.open()) {
      Op pool = new MaxPool2d(3, 2, 2, 1, 1, 1, 1, 2, true);
      check(
          in -> {
            Tensor x = in.get(0).contiguous(format);
            return Dispatch.runAll(pool, x.mul(x))[0];
          },
          values(2, 2, 5, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void batchNorm(MemoryFormat format) {
    for (boolean training : new boolean[] {true, false}) {
      try (Scope scope = Scope.open()) {
        Tensor mean = values(3).detach();
        Tensor var = mean.mul(mean).add(1);
        check(
            in ->
                Dispatch.runAll(
                    new BatchNorm(training, 0.1),
                    in.get(0).contiguous(format),
                    in.get(1),
                    in.get(2),
                    mean,
                    var)[0],
            values(2, 3, 2, 2),
            values(3).add(2).detach(),
            values(3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void classification(LossReduction reduction) {
    try (Scope scope = Scope.open()) {
      Tensor target = Tensor.of(new long[] {1, 0, -100, 2});
      Tensor weight = Tensor.of(new double[] {0.5, 1, 2});
      NllLoss loss = new NllLoss(reduction, -100);
      check(in -> Dispatch.run(loss, in.get(0).logSoftmax(1), target), values(4, 3));
      check(
          in ->
              Dispatch.run(
                  loss,
                  Dispatch.run(new Linear(), in.get(0), in.get(1), in.get(2)).softmax(-1),
                  target,
                  weight),
          values(4, 5),
          values(3, 5),
          values(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void joiningAndIndexing(MemoryFormat format) {
    try (Scope scope = Scope.open()) {
      Tensor index = Tensor.of(new long[] {1, 1, 0});
      Tensor picks = Tensor.of(new long[] {0, 1, 1, 0, 0, 1}, 3, 2);
      check(
          in -> {
            Tensor both = Tensor.cat(List.of(in.get(0), in.get(1)), 1);
            Tensor stacked = Tensor.stack(List.of(both, both.mul(both)), -1);
            return stacked.indexSelect(0, index).select(-1, 1).gather(1, picks).exp();
          },
          values(2, 3),
          values(2, 2));
    }
  }
}
