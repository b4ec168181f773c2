package io.kindling.op;

/**
 * How exactly float32 matrix products are calculated on a thread; PyTorch's {@code
 * set_float32_matmul_precision}.
 *
 * <pre>{@code
 * try (var precision = MatmulPrecision.MEDIUM.use()) {
 *   loss(network.forward(x)).backward();
 * }
 * }</pre>
 */
public enum MatmulPrecision {
  /** With float32's 24 bits. */
  HIGHEST,

  /**
   * Large products may round their factors to bfloat16's 8 bits, where the processor is faster with
   * them; sums keep 24 bits. Weights, activations and gradients stay float32.
   */
  MEDIUM;

  /** Sets this for the calling thread until the result is closed. */
  public Use use() {
    ThreadState state = ThreadState.current();
    MatmulPrecision before = state.matmulPrecision;
    state.matmulPrecision = this;
    return () -> state.matmulPrecision = before;
  }

  /** A time during which a precision holds; closing gives the thread back as it was. */
  @FunctionalInterface
  public interface Use extends AutoCloseable {
    @Override
    void close();
  }
}
