package io.kindling.bench.model;

/**
 * The most memory that a process has resident while it trains a network.
 *
 * @param whole the process with all its code and its heap; otherwise what came on top of it once
 *     its libraries were loaded and had run a first operation
 */
public record MemoryCase(NetworkCase network, boolean whole) implements Case {
  private static final int FLOAT = 4;

  @Override
  public String suite() {
    return "memory";
  }

  @Override
  public String name() {
    return network.name() + (whole ? "" : "-training");
  }

  @Override
  public Unit unit() {
    return Unit.MEBIBYTES;
  }

  @Override
  public double flops() {
    return 0;
  }

  /**
   * What training cannot do without: parameters, their gradients and the optimizer's two moments,
   * the batch, and the output of every layer with parameters, which backward needs. A process has
   * no floor.
   */
  @Override
  public double bytes() {
    if (whole) {
      return 0;
    }
    double elements = (double) network.batch() * Values.product(network.exampleShape(), 0);
    for (Layer layer : network.layers()) {
      if (layer.parameters() > 0) {
        elements += (double) network.batch() * Values.product(layer.output(), 0);
        elements += layer.elements() * (network.adam() ? 4 : 2);
      }
    }
    return FLOAT * elements;
  }
}
