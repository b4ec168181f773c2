package io.kindling.bench.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.BenchException;
import java.util.ArrayList;
import java.util.List;

/**
 * A step of a whole network: forward, cross entropy, backward and update, or forward alone.
 *
 * @param json the network, in the JSON of {@code NetworkSpec}; both sides build it from here
 * @param input the shape of one example
 * @param adam whether Adam (learning rate 0.001) updates, or SGD (0.01, no momentum)
 */
public record NetworkCase(
    String name, boolean training, String json, List<Long> input, int batch, boolean adam)
    implements StepCase {
  /** The classes of every network here. */
  public static final int CLASSES = 10;

  public NetworkCase {
    input = List.copyOf(input);
  }

  @Override
  public String suite() {
    return training ? "train" : "infer";
  }

  /** The shape of one example. */
  public long[] exampleShape() {
    return input.stream().mapToLong(Long::longValue).toArray();
  }

  /** The shape of a batch. */
  public long[] batchShape() {
    List<Long> shape = new ArrayList<>(input);
    shape.add(0, (long) batch);
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public List<Format> formats() {
    return input.size() == 3 ? List.of(Format.values()) : List.of(Format.NCHW);
  }

  /**
   * Of matrix products and convolutions: forward, and when training the gradients of weights and,
   * but for the first layer, of inputs.
   */
  @Override
  public double flops() {
    double flops = 0;
    boolean first = true;
    for (Layer layer : layers()) {
      if (layer.parameters() > 0) {
        flops += layer.flops() * batch * (training ? (first ? 2 : 3) : 1);
        first = false;
      }
    }
    return flops;
  }

  @Override
  public double bytes() {
    return 0;
  }

  /**
   * The layers with their sizes.
   *
   * @throws BenchException if the description has a layer that no network here uses
   */
  public List<Layer> layers() {
    List<Layer> found = new ArrayList<>();
    long[] shape = exampleShape();
    for (JsonNode node : parsed().get("layers")) {
      Layer layer = Layer.of(node, shape);
      found.add(layer);
      shape = layer.output();
    }
    return found;
  }

  private JsonNode parsed() {
    try {
      return JsonMapper.builder().build().readTree(json);
    } catch (JsonProcessingException e) {
      throw new BenchException("the network of case " + name + " is no valid JSON", e);
    }
  }
}
