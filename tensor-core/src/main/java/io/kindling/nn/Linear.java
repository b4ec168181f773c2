package io.kindling.nn;

import io.kindling.nn.functional.F;
import io.kindling.nn.init.FanMode;
import io.kindling.nn.init.Init;
import io.kindling.nn.init.Nonlinearity;
import io.kindling.op.Dispatch;
import io.kindling.op.matmul.LinearRelu;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code y = x W^T + b}: {@code (..., inFeatures)} to {@code (..., outFeatures)}. State: {@code
 * weight (outFeatures, inFeatures)} and {@code bias (outFeatures)}, both drawn uniformly within
 * {@code 1 / sqrt(inFeatures)} of zero.
 */
public final class Linear extends Module {
  private final int inFeatures;
  private final int outFeatures;
  private final Tensor weight;
  private final Tensor bias;

  public Linear(int inFeatures, int outFeatures) {
    this(inFeatures, outFeatures, true, Generator.defaultGenerator());
  }

  public Linear(int inFeatures, int outFeatures, boolean bias, Generator generator) {
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = parameter("weight", Tensor.zeros(outFeatures, inFeatures));
    this.bias = parameter("bias", bias ? Tensor.zeros(outFeatures) : null);
    Init.kaimingUniform_(weight, Math.sqrt(5), FanMode.FAN_IN, Nonlinearity.LEAKY_RELU, generator);
    if (bias) {
      double bound = 1 / Math.sqrt(inFeatures);
      Init.uniform_(this.bias, -bound, bound, generator);
    }
  }

  /** Keys {@code outFeatures}, {@code inFeatures} and {@code bias}. */
  public static Linear fromSpec(LayerSpec spec) {
    return new Linear(
        spec.sizeOfInput("inFeatures", -1),
        spec.size("outFeatures"),
        spec.flag("bias", true),
        spec.generator());
  }

  @Override
  public Tensor forward(Tensor input) {
    return F.linear(input, weight, bias);
  }

  /** As {@link #forward}, and relu of that, in one operation. */
  Tensor forwardAndRelu(Tensor input) {
    return bias == null
        ? Dispatch.run(new LinearRelu(), input, weight)
        : Dispatch.run(new LinearRelu(), input, weight, bias);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("inFeatures", inFeatures);
    spec.put("outFeatures", outFeatures);
    spec.put("bias", bias != null);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return "in_features="
        + inFeatures
        + ", out_features="
        + outFeatures
        + ", bias="
        + Repr.of(bias != null);
  }
}
