package io.kindling.nn;

import io.kindling.nn.functional.F;
import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The largest value of each window: {@code (N, C, H, W)} to {@code (N, C, H', W')}. */
public final class MaxPool2d extends Module {
  private final int[] kernelSize;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final boolean ceilMode;

  /** Windows side by side. */
  public MaxPool2d(int kernelSize) {
    this(kernelSize, kernelSize, 0);
  }

  public MaxPool2d(int kernelSize, int stride, int padding) {
    this(
        new int[] {kernelSize, kernelSize},
        new int[] {stride, stride},
        new int[] {padding, padding},
        new int[] {1, 1},
        false);
  }

  /**
   * Kernel size, stride, padding and dilation are height and width.
   *
   * @param ceilMode whether a last window may reach beyond the right padding
   */
  public MaxPool2d(
      int[] kernelSize, int[] stride, int[] padding, int[] dilation, boolean ceilMode) {
    this.kernelSize = kernelSize.clone();
    this.stride = stride.clone();
    this.padding = padding.clone();
    this.dilation = dilation.clone();
    this.ceilMode = ceilMode;
  }

  /**
   * Keys {@code kernelSize}, {@code stride} (the kernel size by default), {@code padding}, {@code
   * dilation} and {@code ceilMode}.
   */
  public static MaxPool2d fromSpec(LayerSpec spec) {
    int[] kernelSize = spec.pair("kernelSize", 1);
    return new MaxPool2d(
        kernelSize,
        spec.pair("stride", 1, kernelSize),
        spec.pair("padding", 0, new int[] {0, 0}),
        spec.pair("dilation", 1, new int[] {1, 1}),
        spec.flag("ceilMode", false));
  }

  @Override
  public Tensor forward(Tensor input) {
    return F.maxPool2d(input, kernelSize, stride, padding, dilation, ceilMode);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("kernelSize", kernelSize);
    spec.put("stride", stride);
    spec.put("padding", padding);
    spec.put("dilation", dilation);
    spec.put("ceilMode", ceilMode);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return "kernel_size="
        + Repr.pair(kernelSize)
        + ", stride="
        + Repr.pair(stride)
        + ", padding="
        + Repr.pair(padding)
        + ", dilation="
        + Repr.pair(dilation)
        + ", ceil_mode="
        + Repr.of(ceilMode);
  }
}
