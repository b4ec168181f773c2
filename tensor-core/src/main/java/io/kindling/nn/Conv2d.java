package io.kindling.nn;

import io.kindling.ShapeException;
import io.kindling.nn.functional.F;
import io.kindling.nn.init.FanMode;
import io.kindling.nn.init.Init;
import io.kindling.nn.init.Nonlinearity;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Two-dimensional convolution: {@code (N, inChannels, H, W)} to {@code (N, outChannels, H', W')}
 * with {@code H' = (H + 2 padding - dilation (kernelSize - 1) - 1) / stride + 1}. State: {@code
 * weight (outChannels, inChannels / groups, kH, kW)} and {@code bias (outChannels)}, both drawn
 * uniformly within {@code 1 / sqrt(inChannels / groups * kH * kW)} of zero.
 */
public final class Conv2d extends Module {
  private static final int[] ONE = {1, 1};
  private static final int[] NONE = {0, 0};

  private final int inChannels;
  private final int outChannels;
  private final int[] kernelSize;
  private final int[] stride;
  private final int[] padding;
  private final int[] dilation;
  private final int groups;
  private final Tensor weight;
  private final Tensor bias;

  /** With stride 1 and no padding. */
  public Conv2d(int inChannels, int outChannels, int kernelSize) {
    this(inChannels, outChannels, kernelSize, 1, 0);
  }

  public Conv2d(int inChannels, int outChannels, int kernelSize, int stride, int padding) {
    this(
        inChannels,
        outChannels,
        new int[] {kernelSize, kernelSize},
        new int[] {stride, stride},
        new int[] {padding, padding},
        ONE,
        1,
        true,
        Generator.defaultGenerator());
  }

  /** Kernel size, stride, padding and dilation are height and width. */
  public Conv2d(
      int inChannels,
      int outChannels,
      int[] kernelSize,
      int[] stride,
      int[] padding,
      int[] dilation,
      int groups,
      boolean bias,
      Generator generator) {
    if (groups < 1 || inChannels % groups != 0 || outChannels % groups != 0) {
      throw new ShapeException(
          "Conv2d: "
              + inChannels
              + " input and "
              + outChannels
              + " output channels do not divide into groups = "
              + groups);
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = kernelSize.clone();
    this.stride = stride.clone();
    this.padding = padding.clone();
    this.dilation = dilation.clone();
    this.groups = groups;
    this.weight =
        parameter(
            "weight", Tensor.zeros(outChannels, inChannels / groups, kernelSize[0], kernelSize[1]));
    this.bias = parameter("bias", bias ? Tensor.zeros(outChannels) : null);
    Init.kaimingUniform_(weight, Math.sqrt(5), FanMode.FAN_IN, Nonlinearity.LEAKY_RELU, generator);
    if (bias) {
      double bound = 1 / Math.sqrt(Init.fan(weight, FanMode.FAN_IN));
      Init.uniform_(this.bias, -bound, bound, generator);
    }
  }

  /**
   * Keys {@code outChannels}, {@code kernelSize}, {@code inChannels}, {@code stride}, {@code
   * padding}, {@code dilation}, {@code groups} and {@code bias}.
   */
  public static Conv2d fromSpec(LayerSpec spec) {
    return new Conv2d(
        spec.sizeOfInput("inChannels", 0),
        spec.size("outChannels"),
        spec.pair("kernelSize", 1),
        spec.pair("stride", 1, ONE),
        spec.pair("padding", 0, NONE),
        spec.pair("dilation", 1, ONE),
        spec.size("groups", 1),
        spec.flag("bias", true),
        spec.generator());
  }

  @Override
  public Tensor forward(Tensor input) {
    return F.conv2d(input, weight, bias, stride, padding, dilation, groups);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("inChannels", inChannels);
    spec.put("outChannels", outChannels);
    spec.put("kernelSize", kernelSize);
    spec.put("stride", stride);
    spec.put("padding", padding);
    spec.put("dilation", dilation);
    spec.put("groups", groups);
    spec.put("bias", bias != null);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return inChannels
        + ", "
        + outChannels
        + ", kernel_size="
        + Repr.tuple(kernelSize)
        + ", stride="
        + Repr.tuple(stride)
        + (Arrays.equals(padding, NONE) ? "" : ", padding=" + Repr.tuple(padding))
        + (Arrays.equals(dilation, ONE) ? "" : ", dilation=" + Repr.tuple(dilation))
        + (groups == 1 ? "" : ", groups=" + groups)
        + (bias == null ? ", bias=False" : "");
  }
}
