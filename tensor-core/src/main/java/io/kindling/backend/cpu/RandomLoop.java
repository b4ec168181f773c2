package io.kindling.backend.cpu;

import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.op.random.DistributionOp;
import io.kindling.op.random.Philox;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/**
 * Fills tensors with random numbers, many blocks of a stream at a time: the generator's rounds are
 * loops over arrays, which the compiler vectorises. That took 0.3 ns an element, one block at a
 * time 3.
 */
public final class RandomLoop {
  /** How many blocks at a time: the words and the values stay in the first-level cache. */
  private static final int BLOCKS = 256;

  private RandomLoop() {}

  /** How many values one block gives: 32 bits each, or 64 for a type of so many. */
  public static int perBlock(DType dtype) {
    return dtype.bytes() == 8 ? 2 : 4;
  }

  /** Writes a distribution's values. */
  public static void run(DistributionOp op, Tensor out) {
    DType dtype = out.dtype();
    int each = perBlock(dtype);
    int most = (int) Math.min(BLOCKS, (out.numel() + each - 1) / each);
    double[] values = new double[each * most];
    inRowMajorOrder(
        out,
        dense -> {
          Stream stream = new Stream(op.start(), most);
          for (long done = 0; done < dense.numel(); done += values.length) {
            int count = (int) Math.min(values.length, dense.numel() - done);
            int blocks = (count + each - 1) / each;
            int[] words = stream.next(blocks);
            if (each == 4) {
              op.singles(words, dtype, values, 4 * blocks);
            } else {
              op.doubles(words, values, 2 * blocks);
            }
            long target = dense.address() + done * dtype.bytes();
            Blocks.store(values, 0, dtype, target, 1, count);
          }
        });
  }

  /** Makes integers of 64 random bits each. */
  @FunctionalInterface
  public interface Integers {
    /**
     * @param bits what to replace
     * @param place the first one's, in row-major order
     */
    void replace(long[] bits, long place, int count);
  }

  /** Writes integers, two from each block. */
  public static void run(Generator.State start, Integers integers, Tensor out) {
    int most = (int) Math.min(BLOCKS, (out.numel() + 1) / 2);
    long[] values = new long[2 * most];
    inRowMajorOrder(
        out,
        dense -> {
          Stream stream = new Stream(start, most);
          DType dtype = dense.dtype();
          for (long done = 0; done < dense.numel(); done += values.length) {
            int count = (int) Math.min(values.length, dense.numel() - done);
            int[] words = stream.next((count + 1) / 2);
            for (int i = 0; i < count; i++) {
              values[i] = (long) words[2 * i] << 32 | Integer.toUnsignedLong(words[2 * i + 1]);
            }
            integers.replace(values, done, count);
            long target = dense.address() + done * dtype.bytes();
            Blocks.store(values, 0, dtype, target, 1, count);
          }
        });
  }

  @FunctionalInterface
  private interface Body {
    void fill(Tensor contiguous);
  }

  /** Fills the tensor itself or, if its memory is in another order, one from which it is copied. */
  private static void inRowMajorOrder(Tensor out, Body body) {
    if (out.isContiguous()) {
      body.fill(out);
      return;
    }
    try (Tensor dense = Tensor.allocate(Spec.of(out.shape(), out.dtype()), out.device())) {
      body.fill(dense);
      new Copy(out.dtype(), null).reference(new Tensor[] {dense}, new Tensor[] {out});
    }
  }

  /** The words of a stream, in order. */
  private static final class Stream {
    private final long seed;
    private final long[][] work;
    private final int[] words;
    private long position;

    Stream(Generator.State start, int most) {
      this.seed = start.seed();
      this.position = start.offset();
      this.work = new long[4][most];
      this.words = new int[4 * most];
    }

    /** Those of the next blocks; the array is reused. */
    int[] next(int blocks) {
      Philox.fill(seed, position, work, words, blocks);
      position += blocks;
      return words;
    }
  }
}
