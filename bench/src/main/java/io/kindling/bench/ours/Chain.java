package io.kindling.bench.ours;

import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;

/** Small operations and their backward. */
final class Chain implements Work {
  private final Tensor x;
  private final Tensor y;

  Chain(ChainCase one) {
    long[] shape = {one.size(), one.size()};
    long count = (long) one.size() * one.size();
    x = Ours.tensor(Values.uniform(1, count, 1), shape, Format.NCHW).requiresGrad_();
    y = Ours.tensor(Values.uniform(2, count, 1), shape, Format.NCHW).requiresGrad_();
  }

  @Override
  public void run() {
    try (Scope scope = Scope.open()) {
      x.setGrad(null);
      y.setGrad(null);
      x.add(y).mul(y).sum().backward();
    }
  }

  @Override
  public double check() {
    run();
    try (Scope scope = Scope.open()) {
      return y.grad().sum().item();
    }
  }

  @Override
  public void close() {
    x.close();
    y.close();
  }
}
