package io.kindling.bench.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindling.bench.BenchException;

/** A layer with its sizes, as LibTorch's side and the floor need it. */
public sealed interface Layer {
  /** The shape of one example behind it. */
  long[] output();

  /** Floating-point operations of its forward for one example. */
  default double flops() {
    return 0;
  }

  /** How many numbers its parameters hold. */
  default long elements() {
    return 0;
  }

  /** How many parameter tensors it has. */
  default int parameters() {
    return 0;
  }

  /** Weight {@code (outFeatures, inFeatures)} and bias. */
  record Linear(long inFeatures, long outFeatures) implements Layer {
    @Override
    public long[] output() {
      return new long[] {outFeatures};
    }

    @Override
    public double flops() {
      return 2.0 * inFeatures * outFeatures;
    }

    @Override
    public long elements() {
      return (inFeatures + 1) * outFeatures;
    }

    @Override
    public int parameters() {
      return 2;
    }
  }

  /** Weight {@code (outChannels, inChannels, kernel, kernel)} and bias, stride 1. */
  record Conv2d(
      long inChannels, long outChannels, long kernel, long padding, long height, long width)
      implements Layer {
    @Override
    public long[] output() {
      return new long[] {outChannels, height, width};
    }

    @Override
    public double flops() {
      return 2.0 * outChannels * height * width * inChannels * kernel * kernel;
    }

    @Override
    public long elements() {
      return (inChannels * kernel * kernel + 1) * outChannels;
    }

    @Override
    public int parameters() {
      return 2;
    }
  }

  record MaxPool2d(long kernel, long channels, long height, long width) implements Layer {
    @Override
    public long[] output() {
      return new long[] {channels, height, width};
    }
  }

  record Relu(long... output) implements Layer {}

  record Flatten(long features) implements Layer {
    @Override
    public long[] output() {
      return new long[] {features};
    }
  }

  /** The layer that {@code node} describes, behind {@code shape}. */
  static Layer of(JsonNode node, long[] shape) {
    String type = node.get("type").asText();
    return switch (type) {
      case "Linear" -> new Linear(shape[0], node.get("outFeatures").asLong());
      case "Conv2d" -> {
        long kernel = node.get("kernelSize").asLong();
        long padding = node.path("padding").asLong(0);
        long shrink = kernel - 1 - 2 * padding;
        yield new Conv2d(
            shape[0],
            node.get("outChannels").asLong(),
            kernel,
            padding,
            shape[1] - shrink,
            shape[2] - shrink);
      }
      case "MaxPool2d" -> {
        long kernel = node.get("kernelSize").asLong();
        yield new MaxPool2d(kernel, shape[0], shape[1] / kernel, shape[2] / kernel);
      }
      case "ReLU" -> new Relu(shape);
      case "Flatten" -> new Flatten(Values.product(shape, 0));
      default ->
          throw new BenchException(
              "no benchmark knows the layer " + type + "; add it to Layer and LibTorchNetwork");
    };
  }
}
