package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.op.elementwise.ElementwiseOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Walks the operands of an element-wise op and hands its loops one block after the other. */
public final class ElementwiseLoop {
  private static final int OUTPUT = Operands.COUNT - 1;

  /**
   * How many bytes of packed elements at a time, of each operand; half or twice as many took
   * longer.
   */
  private static final int PACKED = 8192;

  private ElementwiseLoop() {}

  public static void run(ElementwiseOp op, Tensor[] inputs, Tensor output) {
    if (output.numel() == 0) {
      return;
    }
    DType compute = op.compute(inputs, output.dtype());
    if (op.hasPacked() && arePacked(DType.BFLOAT16, inputs, output)) {
      runPacked(op, output.address(), output.numel() * DType.BFLOAT16.bytes(), addresses(inputs));
    } else if (op.hasBooleans() && arePacked(DType.BOOL, inputs, output)) {
      runBooleans(op, inputs, output);
    } else if (isOneRow(inputs, output)) {
      runRow(op, inputs, output, compute);
    } else {
      runTiles(op, inputs, output, compute);
    }
  }

  /** The same dense order, or one element for all: no walk is needed. */
  private static boolean isOneRow(Tensor[] inputs, Tensor output) {
    if (!output.layout().isDense()) {
      return false;
    }
    for (Tensor input : inputs) {
      Layout layout = input.layout();
      if (!layout.isOnePosition() && !layout.sameOrder(output.layout())) {
        return false;
      }
    }
    return true;
  }

  /** Dense in the same order, and of one type. */
  private static boolean arePacked(DType dtype, Tensor[] inputs, Tensor output) {
    if (output.dtype() != dtype || !output.layout().isDense()) {
      return false;
    }
    for (Tensor input : inputs) {
      if (input.dtype() != dtype || !input.layout().sameOrder(output.layout())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Runs an op that {@link ElementwiseOp#hasPacked} on dense bfloat16.
   *
   * @param target the address of the first element of the output
   * @param bytes of each operand
   * @param sources the same of the inputs
   */
  public static void runPacked(ElementwiseOp op, long target, long bytes, long... sources) {
    long[][] words = Operands.ofThread().longs();
    for (long done = 0; done < bytes; done += PACKED) {
      int size = load(sources, done, bytes, words);
      op.packed(words, words[OUTPUT], words(size));
      OffHeap.copyFrom(words[OUTPUT], target + done, size);
    }
  }

  private static void runBooleans(ElementwiseOp op, Tensor[] inputs, Tensor output) {
    long[][] words = Operands.ofThread().longs();
    long bytes = output.numel();
    long[] sources = addresses(inputs);
    for (long done = 0; done < bytes; done += PACKED) {
      int size = load(sources, done, bytes, words);
      for (int k = 0; k < inputs.length; k++) {
        BooleanBlocks.normalise(words[k], words(size));
      }
      op.booleans(words, words[OUTPUT], words(size));
      OffHeap.copyFrom(words[OUTPUT], output.address() + done, size);
    }
  }

  /** Reads the next bytes of each input and says how many they were. */
  private static int load(long[] sources, long done, long bytes, long[][] words) {
    int size = (int) Math.min(PACKED, bytes - done);
    for (int k = 0; k < sources.length; k++) {
      OffHeap.copyTo(sources[k] + done, words[k], size);
    }
    return size;
  }

  private static long[] addresses(Tensor[] tensors) {
    long[] addresses = new long[tensors.length];
    for (int k = 0; k < tensors.length; k++) {
      addresses[k] = tensors[k].address();
    }
    return addresses;
  }

  private static int words(int bytes) {
    return Math.max((bytes + 7) / 8, Operands.FEWEST);
  }

  private static void runRow(ElementwiseOp op, Tensor[] inputs, Tensor output, DType compute) {
    Operands operands = Operands.ofThread();
    long total = output.numel();
    int size = Blocks.size(total);
    for (long done = 0; done < total; done += size) {
      int count = (int) Math.min(size, total - done);
      for (int k = 0; k < inputs.length; k++) {
        Tensor input = inputs[k];
        DType from = input.dtype();
        if (!input.layout().isOnePosition()) {
          long source = input.address() + done * from.bytes();
          operands.load(compute, k, from, source, 1, 0, count);
        } else if (done == 0) {
          operands.load(compute, k, from, input.address(), 0, 0, count);
        }
      }
      call(op, compute, operands, count);
      DType to = output.dtype();
      operands.store(compute, OUTPUT, 0, to, output.address() + done * to.bytes(), 1, count);
    }
  }

  private static void runTiles(ElementwiseOp op, Tensor[] inputs, Tensor output, DType compute) {
    Layout[] layouts = new Layout[inputs.length + 1];
    layouts[0] = output.layout();
    for (int k = 0; k < inputs.length; k++) {
      layouts[k + 1] = inputs[k].layout();
    }
    Walk walk = Walk.over(output.shape(), layouts);
    Tiles tiles = new Tiles(walk);
    Operands operands = Operands.ofThread();
    long[] loaded = new long[inputs.length];
    int loadedLength = 0;
    int loadedRows = 0;
    do {
      boolean fits = tiles.length == loadedLength && tiles.rows <= loadedRows;
      for (int k = 0; k < inputs.length; k++) {
        DType from = inputs[k].dtype();
        long source = inputs[k].address() + tiles.offsets[k + 1] * from.bytes();
        // What is broadcast along the slower dimensions stays the same from tile to tile.
        if (!fits || loaded[k] != source) {
          load(operands, compute, k, from, source, tiles, walk);
          loaded[k] = source;
        }
      }
      loadedLength = tiles.length;
      loadedRows = tiles.rows;
      call(op, compute, operands, tiles.rows * tiles.length);
      DType to = output.dtype();
      store(operands, compute, to, output.address() + tiles.offsets[0] * to.bytes(), tiles, walk);
    } while (tiles.next());
  }

  private static void load(
      Operands operands, DType compute, int k, DType from, long source, Tiles tiles, Walk walk) {
    int rows = tiles.rows;
    int length = tiles.length;
    long stride = walk.rowStride(k + 1);
    long rowStep = tiles.rowStep(k + 1);
    if (rows == 1 || rowStep == length * stride) {
      operands.load(compute, k, from, source, stride, 0, rows * length);
    } else if (rowStep == 0) {
      operands.load(compute, k, from, source, stride, 0, length);
      operands.repeat(compute, k, length, rows * length);
    } else {
      for (int row = 0; row < rows; row++) {
        long start = source + row * rowStep * from.bytes();
        operands.load(compute, k, from, start, stride, row * length, length);
      }
    }
  }

  private static void store(
      Operands operands, DType compute, DType to, long target, Tiles tiles, Walk walk) {
    int rows = tiles.rows;
    int length = tiles.length;
    long stride = walk.rowStride(0);
    long rowStep = tiles.rowStep(0);
    if (rows == 1 || rowStep == length * stride) {
      operands.store(compute, OUTPUT, 0, to, target, stride, rows * length);
      return;
    }
    for (int row = 0; row < rows; row++) {
      long start = target + row * rowStep * to.bytes();
      operands.store(compute, OUTPUT, row * length, to, start, stride, length);
    }
  }

  private static void call(ElementwiseOp op, DType compute, Operands operands, int count) {
    int rounds = Math.max(count, Operands.FEWEST);
    switch (compute) {
      case FLOAT32 -> op.floats(operands.floats(), operands.floats()[OUTPUT], rounds);
      case FLOAT64 -> op.doubles(operands.doubles(), operands.doubles()[OUTPUT], rounds);
      case INT32 -> op.bits(operands.ints(), operands.ints()[OUTPUT], rounds);
      default -> op.longs(operands.longs(), operands.longs()[OUTPUT], count);
    }
  }
}
