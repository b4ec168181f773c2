package io.kindling.nn;

import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Modules one after the other, called {@code 0}, {@code 1} and so on. A {@link Linear} before a
 * {@link ReLU} runs with it as one operation: the same values with fewer ways through memory.
 */
public final class Sequential extends Module {
  private final List<Module> layers = new ArrayList<>();

  public Sequential(Module... layers) {
    for (Module layer : layers) {
      append(layer);
    }
  }

  /** Key {@code layers}: an array of layers, each fed with what the one before gives. */
  public static Sequential fromSpec(LayerSpec spec) {
    Sequential network = new Sequential();
    Shape shape = spec.inputShape();
    boolean whole = false;
    try {
      for (LayerSpec layer : spec.layers("layers")) {
        LayerSpec placed = layer.behind(shape);
        Module made = placed.build();
        network.append(made);
        shape = placed.outputShape(made);
      }
      whole = true;
      return network;
    } finally {
      if (!whole) {
        network.close();
      }
    }
  }

  /** Adds a module at the end. */
  public Sequential append(Module layer) {
    layers.add(child(Integer.toString(layers.size()), layer));
    return this;
  }

  public Module get(int index) {
    return layers.get(index);
  }

  public int size() {
    return layers.size();
  }

  @Override
  public Tensor forward(Tensor input) {
    Tensor output = input;
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Linear linear && isRelu(i + 1)) {
        output = linear.forwardAndRelu(output);
        i++;
      } else {
        output = layers.get(i).forward(output);
      }
    }
    return output;
  }

  private boolean isRelu(int index) {
    return index < layers.size() && layers.get(index) instanceof ReLU;
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("layers", layers.stream().map(Module::toSpec).toList());
    return spec;
  }

  /** This network's JSON form. */
  public NetworkSpec networkSpec() {
    return NetworkSpec.of(Map.of("layers", toSpec().get("layers")));
  }
}
