package io.kindling.bench.libtorch;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.Layer;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The network of a case, with the values that both sides start from. */
final class LibTorchNetwork {
  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  private final Format format;
  private final List<UnaryOperator<Tensor>> layers = new ArrayList<>();
  private final List<Tensor> parameters = new ArrayList<>();

  LibTorchNetwork(NetworkCase network, Format format) {
    this.format = format;
    for (Layer layer : network.layers()) {
      layers.add(layer(layer));
    }
  }

  Tensor forward(Tensor x) {
    Tensor y = x;
    for (UnaryOperator<Tensor> layer : layers) {
      y = layer.apply(y);
    }
    return y;
  }

  TensorVector parameters() {
    return new TensorVector(parameters.toArray(new Tensor[0]));
  }

  private UnaryOperator<Tensor> layer(Layer layer) {
    if (layer instanceof Layer.Linear linear) {
      Tensor weight = parameter(linear.outFeatures(), linear.inFeatures());
      Tensor bias = parameter(linear.outFeatures());
      return x -> torch.linear(x, weight, bias);
    }
    if (layer instanceof Layer.Conv2d conv) {
      Tensor weight =
          parameter(conv.outChannels(), conv.inChannels(), conv.kernel(), conv.kernel());
      TensorOptional bias = new TensorOptional(parameter(conv.outChannels()));
      long[] padding = {conv.padding(), conv.padding()};
      return x -> torch.conv2d(x, weight, bias, ONE, padding, ONE, 1);
    }
    if (layer instanceof Layer.MaxPool2d pool) {
      long[] kernel = {pool.kernel(), pool.kernel()};
      return x -> torch.max_pool2d(x, kernel, kernel, ZERO, ONE, false);
    }
    return layer instanceof Layer.Flatten ? x -> x.flatten(1, -1) : torch::relu;
  }

  private Tensor parameter(long... shape) {
    float[] values = Values.parameter(parameters.size(), shape);
    Tensor made = LibTorch.tensor(values, shape, format).set_requires_grad(true);
    parameters.add(made);
    return made;
  }
}
