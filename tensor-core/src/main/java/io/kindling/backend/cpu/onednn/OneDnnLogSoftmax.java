package io.kindling.backend.cpu.onednn;

import io.kindling.backend.Backends;
import io.kindling.backend.cpu.Probabilities;
import io.kindling.memory.Block;
import io.kindling.memory.OffHeap;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The logarithm of softmax along the last dimension of contiguous float32: {@code x - x' + log p'},
 * where x' is one of the row and p' its probability, that above a half if there is one. The
 * probabilities are oneDNN's, the logarithm is not: its own is off by up to 1.4e-6, and the loss
 * 8.4e-6 of a confident prediction came out as 7.0e-6.
 *
 * <p>4096 x 10 take 180 us, 512 x 256 take 91, and 160 where each row has a confident prediction;
 * shifts, exponentials and sums of oneDNN's and Java's took 410 and 170.
 */
final class OneDnnLogSoftmax implements OneDnnKernel<LogSoftmax> {
  /** Below this many elements Java is as fast. */
  static final int FEWEST = 1 << 10;

  /** How many elements go through the caches at a time. */
  private static final int SOME = 1 << 14;

  /** How many elements of a row go through an array at a time. */
  private static final int BLOCK = 2048;

  /** A loop that went fewer rounds on average would not be vectorised. */
  private static final int FEWEST_ROUNDS = 8;

  private static final long WITHOUT_SIGNS = 0x7fffffff7fffffffL;

  /** What reaches the sign when added to the bits of more than a half. */
  private static final long TO_SIGNS = 0x40ffffff40ffffffL;

  @Override
  public Class<LogSoftmax> op() {
    return LogSoftmax.class;
  }

  @Override
  public boolean supports(LogSoftmax op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    return x.numel() >= FEWEST
        && x.dim() > 0
        && x.shape().dim(op.dim()) == x.dim() - 1
        && Operand.isReadable(x, DType.FLOAT32)
        && Operand.isWritable(outputs[0], DType.FLOAT32, x)
        && x.isContiguous()
        && outputs[0].isContiguous();
  }

  @Override
  public Prepared.Call prepare(
      LogSoftmax op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    int size = (int) inputs[0].size(-1);
    long rows = inputs[0].numel() / size;
    int some = (int) Math.min(rows, Math.max(1, SOME / size));
    int left = (int) (rows % some);
    Primitive softmax = softmax(some, size, preparation);
    Primitive rest = left == 0 ? null : softmax(left, size, preparation);
    if (softmax == null || left > 0 && rest == null) {
      return null;
    }
    float[] values = new float[BLOCK];
    return (in, out) -> {
      Block work = Backends.allocator(Device.CPU).allocate(4L * some * size);
      boolean finite = true;
      try {
        for (long row = 0; finite && row < rows; row += some) {
          boolean whole = rows - row >= some;
          long from = in[0].address() + 4 * row * size;
          (whole ? softmax : rest).execute(from, work.address());
          long to = out[0].address() + 4 * row * size;
          for (int i = 0; finite && i < (whole ? some : left); i++) {
            long at = 4L * i * size;
            finite = write(from + at, work.address() + at, to + at, size, values);
          }
        }
      } finally {
        work.free();
      }
      if (!finite) {
        op.reference(in, out);
      }
    };
  }

  private static Primitive softmax(int rows, int size, Preparation preparation) {
    Layout layout = Layout.contiguous(Shape.of(rows, size));
    return OneDnnSoftmax.primitive(DType.FLOAT32, layout, 1, preparation);
  }

  /**
   * Writes the logarithms of a row.
   *
   * @return false, and nothing is written, where there is NaN or infinity among the scores
   */
  private static boolean write(
      long scores, long probabilities, long target, int size, float[] values) {
    int at = reference(probabilities, size);
    if (at < 0) {
      return false;
    }
    double log = Probabilities.log(DType.FLOAT32, probabilities, Float.BYTES, size, at);
    float score = OffHeap.getFloat(scores + 4L * at);
    for (int done = 0; done < size; done += BLOCK) {
      int count = Math.min(BLOCK, size - done);
      OffHeap.copyTo(scores + 4L * done, values, 0, count);
      add(values, score, (float) log, Math.max(count, FEWEST_ROUNDS));
      OffHeap.copyFrom(values, 0, target + 4L * done, count);
    }
    return true;
  }

  /** Where the probability is that others are found from; -1 if there is NaN. */
  private static int reference(long probabilities, int size) {
    float least = 0.5f;
    if (!isMoreThanHalf(probabilities, size)) {
      least /= size;
    }
    for (int i = 0; i < size; i++) {
      if (OffHeap.getFloat(probabilities + 4L * i) > least) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a probability is above a half, or NaN: then its bits reach the sign, two at a time. */
  private static boolean isMoreThanHalf(long probabilities, int size) {
    long signs = 0;
    for (int i = 0; i < size / 2; i++) {
      signs |= (OffHeap.getLong(probabilities + 8L * i) & WITHOUT_SIGNS) + TO_SIGNS;
    }
    if (size % 2 > 0) {
      signs |= (OffHeap.getInt(probabilities + 4L * (size - 1)) & Integer.MAX_VALUE) + TO_SIGNS;
    }
    return (signs & ~WITHOUT_SIGNS) != 0;
  }

  private static void add(float[] values, float score, float log, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = values[i] - score + log;
    }
  }
}
