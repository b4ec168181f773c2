package io.kindling.bench.libtorch;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** Forward, in inference mode. */
final class LibTorchInference implements Work {
  private final InferenceMode mode = new InferenceMode(true);
  private final LibTorchNetwork network;
  private final Tensor x;

  LibTorchInference(NetworkCase one, Format format) {
    network = new LibTorchNetwork(one, format);
    long[] shape = one.batchShape();
    x = LibTorch.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope()) {
      network.forward(x);
    }
  }

  @Override
  public double check() {
    try (PointerScope scope = new PointerScope()) {
      return network.forward(x).abs().mean().item_double();
    }
  }

  @Override
  public void close() {
    x.close();
    mode.close();
  }
}
