package io.kindling.bench.model;

import java.util.List;

/**
 * Small operations, in which only what surrounds them costs: {@code x.add(y).mul(y).sum()} and its
 * backward, where x and y are {@code (size, size)} and want gradients.
 */
public record ChainCase(int size) implements StepCase {
  @Override
  public String suite() {
    return "overhead";
  }

  @Override
  public String name() {
    return "add-mul-sum-backward-" + size + "x" + size;
  }

  /** The arithmetic is nothing: no floor. */
  @Override
  public double flops() {
    return 0;
  }

  @Override
  public double bytes() {
    return 0;
  }

  @Override
  public List<Format> formats() {
    return List.of(Format.NCHW);
  }
}
