package io.kindling.nn;

import io.kindling.KindlingException;
import io.kindling.nn.functional.F;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * While training, each element becomes zero with probability p, and the others grow by {@code 1 /
 * (1 - p)} (Hinton et al., 2012); in eval mode the input itself.
 */
public final class Dropout extends Module {
  private final double p;
  private final Generator generator;

  public Dropout(double p) {
    this(p, Generator.defaultGenerator());
  }

  public Dropout(double p, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new KindlingException("Dropout: expected a probability from 0 to 1, got " + p);
    }
    this.p = p;
    this.generator = generator;
  }

  /** Key {@code p}, 0.5 by default. */
  public static Dropout fromSpec(LayerSpec spec) {
    double p = spec.number("p", 0.5);
    if (!(p >= 0 && p <= 1)) {
      throw spec.error("key 'p' is " + p + "; expected a probability from 0 to 1");
    }
    return new Dropout(p, spec.generator());
  }

  @Override
  public Tensor forward(Tensor input) {
    return F.dropout(input, p, isTraining(), generator);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("p", p);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return "p=" + Repr.of(p) + ", inplace=False";
  }
}
