package io.kindling.bench.ours;

import io.kindling.autograd.Autograd;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.tensor.Tensor;

/** Forward, without gradients. */
final class Inference implements Work {
  private final Module network;
  private final Tensor x;

  Inference(NetworkCase one, Format format) {
    network = BuiltNetwork.of(one);
    network.eval();
    long[] shape = one.batchShape();
    x = Ours.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
  }

  @Override
  public void run() {
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      network.forward(x);
    }
  }

  @Override
  public double check() {
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      return network.forward(x).abs().mean().item();
    }
  }

  @Override
  public void close() {
    network.close();
    x.close();
  }
}
