package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.Map;

/** {@code 1 / (1 + e^-x)}, element by element. */
public final class Sigmoid extends Module {
  public static Sigmoid fromSpec(LayerSpec spec) {
    return new Sigmoid();
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.sigmoid();
  }

  @Override
  public Map<String, Object> toSpec() {
    return Map.of("type", kind());
  }
}
