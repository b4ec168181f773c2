package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code e^x / sum(e^x)} along a dimension. */
public final class Softmax extends Module {
  private final int dim;

  /**
   * @param dim of the batch: 1 for the classes of {@code (N, C)}; negative ones count from the end
   */
  public Softmax(int dim) {
    this.dim = dim;
  }

  /** Key {@code dim}, 1 by default. */
  public static Softmax fromSpec(LayerSpec spec) {
    return new Softmax(spec.integer("dim", 1));
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.softmax(dim);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("dim", dim);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return "dim=" + dim;
  }
}
