package io.kindling.distributed;

import io.kindling.autograd.Autograd;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Gradients of a few parameters in one flat piece of memory, so that one collective operation
 * carries them all.
 */
final class GradientBucket implements AutoCloseable {
  private final List<Tensor> parameters;
  private final FlatTensors gradients;
  private final boolean[] arrived;
  private final boolean[] present;
  private int missing;
  private Work work;

  GradientBucket(List<Tensor> parameters) {
    this.parameters = List.copyOf(parameters);
    this.gradients = new FlatTensors(parameters);
    this.arrived = new boolean[parameters.size()];
    this.present = new boolean[parameters.size()];
    this.missing = parameters.size();
  }

  List<Tensor> parameters() {
    return parameters;
  }

  /** In the order of the parameters; this rank's until the work is done, then their sums. */
  FlatTensors gradients() {
    return gradients;
  }

  /** Whether any rank had a gradient of that parameter, once the work is done. */
  boolean isPresent(int index) {
    return present[index];
  }

  /** Takes in the gradient of one parameter. */
  void put(int index, Tensor gradient) {
    if (gradient.storage() == gradients.parts().get(index).storage()) {
      throw new DistributedException(
          "a backward pass added to gradients that are sums over all ranks already; call zeroGrad()"
              + " before each backward pass");
    }
    if (arrived[index] || work != null) {
      throw new DistributedException(
          "a second backward pass ran before the gradients of the first were synchronized; call"
              + " synchronizeGradients() or the ZeroRedundancyOptimizer's step() after each");
    }
    try (var off = Autograd.noGrad()) {
      gradients.parts().get(index).copy_(gradient);
    }
    arrived[index] = true;
    missing--;
  }

  boolean isFull() {
    return missing == 0;
  }

  /** For each parameter 1 if this rank has a gradient of it, else 0. */
  LongStream arrived() {
    return IntStream.range(0, arrived.length).mapToLong(i -> arrived[i] ? 1 : 0);
  }

  /**
   * Starts to add the ranks' gradients up; parameters without one here take part with zeros.
   *
   * @param scatter whether a rank needs the sums of its own segment only
   */
  void start(ProcessGroup group, boolean scatter) {
    for (int i = 0; i < arrived.length; i++) {
      if (!arrived[i]) {
        gradients.parts().get(i).zero_();
      }
    }
    Tensor flat = gradients.whole();
    work =
        scatter
            ? group.reduceScatterAsync(flat, ReduceOp.SUM)
            : group.allReduceAsync(flat, ReduceOp.SUM);
  }

  /** Waits for the sums. */
  void await() {
    work.await();
    work = null;
  }

  /**
   * Takes the next gradients from now on.
   *
   * @param counts from {@code from} on, one number a parameter: above 0 if any rank had a gradient
   * @return one past the last number of this bucket
   */
  int finish(long[] counts, int from) {
    for (int i = 0; i < arrived.length; i++) {
      present[i] = counts[from + i] > 0;
      arrived[i] = false;
    }
    missing = arrived.length;
    return from + arrived.length;
  }

  @Override
  public void close() {
    gradients.close();
  }

  /** Cuts parameters into buckets of one type and about the given sizes. */
  static List<List<Tensor>> cut(List<Tensor> parameters, long firstBytes, long bytes) {
    List<List<Tensor>> buckets = new ArrayList<>();
    List<Tensor> current = new ArrayList<>();
    long filled = 0;
    DType dtype = null;
    for (Tensor parameter : parameters) {
      long limit = buckets.isEmpty() ? firstBytes : bytes;
      if (!current.isEmpty() && (filled >= limit || parameter.dtype() != dtype)) {
        buckets.add(current);
        current = new ArrayList<>();
        filled = 0;
      }
      dtype = parameter.dtype();
      current.add(parameter);
      filled += parameter.numel() * dtype.bytes();
    }
    if (!current.isEmpty()) {
      buckets.add(current);
    }
    return buckets;
  }
}
