package io.kindling.backend.cpu;

import io.kindling.op.elementwise.ElementwiseOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Walks the operands of an element-wise op and hands its loops one block after the other. */
public final class ElementwiseLoop {
  private ElementwiseLoop() {}

  public static void run(ElementwiseOp op, Tensor[] inputs, Tensor output) {
    if (output.numel() == 0) {
      return;
    }
    DType compute = op.compute(inputs, output.dtype());
    if (isOneRow(inputs, output, compute)) {
      runDense(op, inputs, output, compute);
    } else {
      runStrided(op, inputs, output, compute);
    }
  }

  /** All of one type, with the same dense order: no walk is needed. */
  private static boolean isOneRow(Tensor[] inputs, Tensor output, DType compute) {
    if (output.dtype() != compute || !output.layout().isDense()) {
      return false;
    }
    for (Tensor input : inputs) {
      if (input.dtype() != compute || !input.layout().sameOrder(output.layout())) {
        return false;
      }
    }
    return true;
  }

  private static void runDense(ElementwiseOp op, Tensor[] inputs, Tensor output, DType compute) {
    long total = output.numel();
    long[] addresses = new long[inputs.length];
    int bytes = compute.bytes();
    for (long done = 0; done < total; done += Blocks.SIZE) {
      for (int k = 0; k < inputs.length; k++) {
        addresses[k] = inputs[k].address() + done * bytes;
      }
      int count = (int) Math.min(Blocks.SIZE, total - done);
      call(op, compute, addresses, output.address() + done * bytes, count);
    }
  }

  private static void runStrided(ElementwiseOp op, Tensor[] inputs, Tensor output, DType compute) {
    int operands = inputs.length + 1;
    Layout[] layouts = new Layout[operands];
    layouts[0] = output.layout();
    for (int k = 1; k < operands; k++) {
      layouts[k] = inputs[k - 1].layout();
    }
    Walk walk = Walk.over(output.shape(), layouts);
    Blocks blocks = Blocks.ofThread();
    long[] index = new long[walk.sizes.length];
    long[] offsets = new long[operands];
    long[] addresses = new long[inputs.length];
    long rows = walk.rows();
    long length = walk.rowLength();
    boolean direct = output.dtype() == compute && walk.rowStride(0) == 1;
    for (long row = 0; row < rows; row++) {
      for (long done = 0; done < length; done += Blocks.SIZE) {
        int count = (int) Math.min(Blocks.SIZE, length - done);
        for (int k = 0; k < inputs.length; k++) {
          addresses[k] = block(inputs[k], walk, k + 1, offsets, done, compute, blocks, count);
        }
        long target =
            output.address() + (offsets[0] + done * walk.rowStride(0)) * output.dtype().bytes();
        if (direct) {
          call(op, compute, addresses, target, count);
        } else {
          call(op, compute, addresses, blocks.address(0), count);
          Blocks.store(
              compute, blocks.address(0), output.dtype(), target, walk.rowStride(0), count);
        }
      }
      walk.advance(index, offsets);
    }
  }

  /** The address of an input's next elements as a dense block: its own memory where that is one. */
  private static long block(
      Tensor input,
      Walk walk,
      int k,
      long[] offsets,
      long done,
      DType compute,
      Blocks blocks,
      int count) {
    long stride = walk.rowStride(k);
    long source = input.address() + (offsets[k] + done * stride) * input.dtype().bytes();
    if (input.dtype() == compute && (stride == 1 || count == 1)) {
      return source;
    }
    Blocks.load(input.dtype(), source, stride, compute, blocks.address(k), count);
    return blocks.address(k);
  }

  private static void call(ElementwiseOp op, DType compute, long[] inputs, long output, int count) {
    switch (compute) {
      case FLOAT32 -> op.floats(inputs, output, count);
      case FLOAT64 -> op.doubles(inputs, output, count);
      default -> op.longs(inputs, output, count);
    }
  }
}
