package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The numbers from 0 to {@code count - 1} in random order, as int64: the shuffle of Fisher and
 * Yates.
 */
public record RandPerm(long count, Generator.State start) implements Op {
  /** How many blocks are made at a time. */
  private static final int BLOCKS = 256;

  public RandPerm {
    if (count < 0) {
      throw new KindlingException("randperm: expected a count >= 0, got " + count);
    }
  }

  /** How many blocks of a stream it takes: one number for each exchange. */
  public static long blocks(long count) {
    return (count + 1) / 2;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 0);
    return Op.one(Spec.of(Shape.of(count), DType.INT64));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    for (long i = 0; i < count; i++) {
      put(out, i, i);
    }
    int most = (int) Math.min(BLOCKS, blocks(count));
    int[] words = new int[4 * most];
    long[][] work = new long[4][most];
    for (long i = 0; i + 1 < count; i++) {
      int at = (int) (i % (2L * most));
      if (at == 0) {
        int blocks = (int) Math.min(most, blocks(count - i));
        Philox.fill(start.seed(), start.offset() + i / 2, work, words, blocks);
      }
      double fraction = RandomOp.fraction(words[2 * at], words[2 * at + 1]);
      long other = i + (long) (fraction * (count - i));
      long value = get(out, i);
      put(out, i, get(out, other));
      put(out, other, value);
    }
  }

  private static long get(Tensor tensor, long i) {
    return OffHeap.getLong(tensor.address() + Long.BYTES * i);
  }

  private static void put(Tensor tensor, long i, long value) {
    OffHeap.putLong(tensor.address() + Long.BYTES * i, value);
  }
}
