package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** Hands the lines of a tensor along one dimension to a kernel, as doubles. */
public final class LineLoop {
  private LineLoop() {}

  /** Changes a line of {@code values} in place. */
  @FunctionalInterface
  public interface Kernel {
    void run(double[] values);
  }

  /** Reads each line of {@code input}, and writes what the kernel made of it to {@code output}. */
  public static void run(Tensor input, Tensor output, int dim, Kernel kernel) {
    if (output.numel() == 0) {
      return;
    }
    boolean scalar = input.dim() == 0;
    Layout from = scalar ? input.layout().unsqueeze(0) : input.layout();
    Layout to = scalar ? output.layout().unsqueeze(0) : output.layout();
    double[] line = new double[ArrayLength.of(from.size(dim))];
    Layout firsts = from.select(dim, 0);
    Shape rest = firsts.shape();
    Walk walk =
        Walk.over(
            rest,
            Layout.strided(rest, firsts.strides(), 0),
            Layout.strided(rest, to.select(dim, 0).strides(), 0));
    long[] index = new long[walk.sizes.length];
    long[] offsets = new long[2];
    for (long row = 0, rows = walk.rows(); row < rows; row++) {
      for (long i = 0; i < walk.rowLength(); i++) {
        long source = offsets[0] + i * walk.rowStride(0);
        long target = offsets[1] + i * walk.rowStride(1);
        Blocks.load(
            input.dtype(),
            input.address() + source * input.dtype().bytes(),
            from.stride(dim),
            line,
            0,
            line.length);
        kernel.run(line);
        Blocks.store(
            line,
            0,
            output.dtype(),
            output.address() + target * output.dtype().bytes(),
            to.stride(dim),
            line.length);
      }
      walk.advance(index, offsets);
    }
  }
}
