package io.kindling.nn;

import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * The shape that a network makes of an input's: its forward pass is run in eval mode with kernels
 * that do nothing, so the shape rules of the operations are the only ones there are.
 */
public final class OutputShape {
  private OutputShape() {}

  /**
   * The shape of one example as it leaves the module.
   *
   * @param inputShape of one example, without the batch's dimension
   * @throws ShapeException if the module does not take such an input
   */
  public static Shape of(Module module, Shape inputShape) {
    boolean training = module.isTraining();
    module.eval();
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      Tensor input = Tensor.empty(batchOfOne(inputShape), DType.FLOAT32, Device.CPU);
      Shape output = Backends.only(new NoKernels(), () -> module.forward(input)).shape();
      if (output.rank() == 0 || output.size(0) != 1) {
        throw new ShapeException(
            "a batch of 1 became " + output + "; the first dimension must remain the batch's");
      }
      long[] sizes = output.toArray();
      return Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length));
    } finally {
      module.train(training);
    }
  }

  private static Shape batchOfOne(Shape shape) {
    long[] sizes = new long[shape.rank() + 1];
    sizes[0] = 1;
    System.arraycopy(shape.toArray(), 0, sizes, 1, shape.rank());
    return Shape.of(sizes);
  }
}
