package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.Map;

/** Gives its input. */
public final class Identity extends Module {
  public static Identity fromSpec(LayerSpec spec) {
    return new Identity();
  }

  @Override
  public Tensor forward(Tensor input) {
    return input;
  }

  @Override
  public Map<String, Object> toSpec() {
    return Map.of("type", kind());
  }
}
