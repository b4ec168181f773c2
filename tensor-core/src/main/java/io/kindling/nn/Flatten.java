package io.kindling.nn;

import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes a range of dimensions one: {@code (N, C, H, W)} to {@code (N, C * H * W)} by default. */
public final class Flatten extends Module {
  private final int startDim;
  private final int endDim;

  public Flatten() {
    this(1, -1);
  }

  public Flatten(int startDim, int endDim) {
    this.startDim = startDim;
    this.endDim = endDim;
  }

  /** Keys {@code startDim} and {@code endDim}, 1 and -1 by default. */
  public static Flatten fromSpec(LayerSpec spec) {
    return new Flatten(spec.integer("startDim", 1), spec.integer("endDim", -1));
  }

  @Override
  public Tensor forward(Tensor input) {
    return input.flatten(startDim, endDim);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("startDim", startDim);
    spec.put("endDim", endDim);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return "start_dim=" + startDim + ", end_dim=" + endDim;
  }
}
