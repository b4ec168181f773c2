package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code log(softmax(x))} along a dimension. */
public final class LogSoftmax extends Module {
  private final int dim;

  /**
   * @param dim of the batch: 1 for the classes of {@code (N, C)}; negative ones count from the end
   */
  public LogSoftmax(int dim) {
    this.dim = dim;
  }

  /** Key {@code dim}, 1 by default. */
  public static LogSoftmax fromSpec(LayerSpec spec) {
    return new LogSoftmax(spec.integer("dim", 1));
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.logSoftmax(dim);
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
