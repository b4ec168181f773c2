package io.kindling.distributed;

import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients of a few parameters in one flat piece of memory, so that one all-reduce carries them
 * all. Behind the gradients lies one number a parameter: 1 where this rank has a gradient, so that
 * the sum tells whether any rank has.
 */
final class GradientBucket implements AutoCloseable {
  private final List<Tensor> parameters;
  private final List<Tensor> slices = new ArrayList<>();
  private final Tensor flat;
  private final Tensor present;
  private final boolean[] arrived;
  private int missing;
  private Work work;

  GradientBucket(List<Tensor> parameters) {
    this.parameters = List.copyOf(parameters);
    this.arrived = new boolean[parameters.size()];
    this.missing = parameters.size();
    Tensor first = parameters.get(0);
    long gradients = parameters.stream().mapToLong(Tensor::numel).sum();
    Shape all = Shape.of(gradients + parameters.size());
    this.flat = Scope.detach(Tensor.zeros(all, first.dtype(), first.device()));
    long at = 0;
    for (Tensor parameter : parameters) {
      slices.add(part(parameter.shape(), parameter.layout().denseLike(parameter.shape()), at));
      at += parameter.numel();
    }
    Shape count = Shape.of(parameters.size());
    this.present = part(count, Layout.contiguous(count), at);
  }

  /** A view into the flat memory, in the parameter's own order, so that nothing is turned round. */
  private Tensor part(Shape shape, Layout like, long offset) {
    Storage storage = flat.storage();
    storage.retain();
    Layout layout = Layout.strided(shape, like.strides(), offset);
    return Scope.detach(new Tensor(storage, new Spec(layout, flat.dtype()), flat.device()));
  }

  /** Takes in the gradient of one parameter. */
  void put(int index, Tensor gradient) {
    if (gradient.storage() == flat.storage()) {
      throw new DistributedException(
          "a backward pass added to gradients that are sums over all ranks already; call zeroGrad()"
              + " before each backward pass");
    }
    if (arrived[index] || work != null) {
      throw new DistributedException(
          "a second backward pass ran before synchronizeGradients(); call it after each");
    }
    try (var off = Autograd.noGrad()) {
      slices.get(index).copy_(gradient);
    }
    arrived[index] = true;
    missing--;
  }

  boolean isFull() {
    return missing == 0;
  }

  /** Starts the all-reduce; parameters without a gradient here take part with zeros. */
  void start(ProcessGroup group) {
    for (int i = 0; i < arrived.length; i++) {
      long address = present.address() + (long) i * present.dtype().bytes();
      present.dtype().writeDouble(address, arrived[i] ? 1 : 0);
      if (!arrived[i]) {
        slices.get(i).zero_();
      }
    }
    work = group.allReduceAsync(flat, ReduceOp.SUM);
  }

  /** Waits for the sums and makes them the parameters' gradients. */
  void finish() {
    work.await();
    work = null;
    double[] ranks = present.toDoubleArray();
    for (int i = 0; i < arrived.length; i++) {
      parameters.get(i).setGrad(ranks[i] > 0 ? slices.get(i) : null);
      arrived[i] = false;
    }
    missing = arrived.length;
  }

  @Override
  public void close() {
    slices.forEach(Tensor::close);
    present.close();
    flat.close();
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
