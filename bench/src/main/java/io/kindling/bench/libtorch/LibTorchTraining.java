package io.kindling.bench.libtorch;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Forward, cross entropy, backward, update. */
final class LibTorchTraining implements Work {
  private final LibTorchNetwork network;
  private final Optimizer optimizer;
  private final Tensor x;
  private final Tensor y;

  LibTorchTraining(NetworkCase one, Format format) {
    network = new LibTorchNetwork(one, format);
    optimizer =
        one.adam()
            ? new Adam(network.parameters(), new AdamOptions(1e-3))
            : new SGD(network.parameters(), new SGDOptions(1e-2));
    long[] shape = one.batchShape();
    x = LibTorch.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
    y = Tensor.create(Values.classes(2, one.batch(), NetworkCase.CLASSES), one.batch());
  }

  private Tensor step() {
    optimizer.zero_grad();
    Tensor loss = torch.cross_entropy(network.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      step();
    }
  }

  @Override
  public double check() {
    for (int i = 1; i < CHECK_STEPS; i++) {
      run();
    }
    try (PointerScope scope = new PointerScope()) {
      return step().item_double();
    }
  }

  @Override
  public void close() {
    optimizer.close();
    x.close();
    y.close();
  }
}
