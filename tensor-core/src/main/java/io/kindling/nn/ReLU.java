package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.Map;

/** {@code max(0, x)}, element by element. */
public final class ReLU extends Module {
  public static ReLU fromSpec(LayerSpec spec) {
    return new ReLU();
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.relu();
  }

  @Override
  public Map<String, Object> toSpec() {
    return Map.of("type", kind());
  }
}
