package io.kindling.bench.libtorch;

import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Small operations and their backward. */
final class LibTorchChain implements Work {
  private final Tensor x;
  private final Tensor y;

  LibTorchChain(ChainCase one) {
    long[] shape = {one.size(), one.size()};
    long count = (long) one.size() * one.size();
    x = LibTorch.tensor(Values.uniform(1, count, 1), shape, Format.NCHW).set_requires_grad(true);
    y = LibTorch.tensor(Values.uniform(2, count, 1), shape, Format.NCHW).set_requires_grad(true);
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      x.mutable_grad().reset();
      y.mutable_grad().reset();
      x.add(y).mul(y).sum().backward();
    }
  }

  @Override
  public double check() {
    run();
    try (PointerScope scope = new PointerScope()) {
      return y.grad().sum().item_double();
    }
  }

  @Override
  public void close() {
    x.close();
    y.close();
  }
}
