package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.Map;

/** The hyperbolic tangent, element by element. */
public final class Tanh extends Module {
  public static Tanh fromSpec(LayerSpec spec) {
    return new Tanh();
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.tanh();
  }

  @Override
  public Map<String, Object> toSpec() {
    return Map.of("type", kind());
  }
}
