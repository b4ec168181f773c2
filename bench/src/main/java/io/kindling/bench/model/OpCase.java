package io.kindling.bench.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One operation of one size.
 *
 * @param backward whether the gradients of its inputs are calculated as well, from one of its
 *     result that is there
 * @param scale "small", "medium" or "large"
 */
public record OpCase(
    OpKind kind, boolean backward, String scale, List<Input> inputs, double written, double flops)
    implements StepCase {
  private static final List<String> SCALES = List.of("small", "medium", "large");

  public OpCase {
    inputs = List.copyOf(inputs);
  }

  /** All of them. */
  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (OpKind kind : OpKind.values()) {
      cases.addAll(of(kind, false));
      if (kind.hasBackward()) {
        cases.addAll(of(kind, true));
      }
    }
    return cases;
  }

  private static List<OpCase> of(OpKind kind, boolean backward) {
    List<OpCase> cases = new ArrayList<>();
    for (int i = 0; i < SCALES.size(); i++) {
      OpKind.Operands of = kind.operands(kind.sizes().get(i));
      cases.add(new OpCase(kind, backward, SCALES.get(i), of.inputs(), of.written(), of.flops()));
    }
    return cases;
  }

  @Override
  public String suite() {
    return "ops";
  }

  @Override
  public String name() {
    return kind.label() + (backward ? "-backward-" : "-") + scale;
  }

  /**
   * Each operand once: what is read and what is written; with backward also the result's gradient
   * and those of the inputs.
   */
  @Override
  public double bytes() {
    double bytes = written;
    for (Input input : inputs) {
      bytes += input.bytes() * (backward && input.isDifferentiable() ? 2 : 1);
    }
    return bytes + (backward ? written : 0);
  }

  @Override
  public List<Format> formats() {
    return inputs.get(0).shape().size() == 4 ? List.of(Format.values()) : List.of(Format.NCHW);
  }
}
