package io.kindling.op.random;

import io.kindling.KindlingException;
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
    int[] words = new int[4];
    for (long i = 0; i + 1 < count; i++) {
      if (i % 2 == 0) {
        Philox.at(start.seed(), start.offset() + i / 2, words);
      }
      int lane = (int) (i % 2) * 2;
      long other = i + (long) (RandomOp.fraction(words[lane], words[lane + 1]) * (count - i));
      long value = get(out, i);
      put(out, i, get(out, other));
      put(out, other, value);
    }
  }

  private static long get(Tensor tensor, long i) {
    return tensor
        .dtype()
        .readLong(tensor.address() + i * tensor.stride(0) * tensor.dtype().bytes());
  }

  private static void put(Tensor tensor, long i, long value) {
    tensor
        .dtype()
        .writeLong(tensor.address() + i * tensor.stride(0) * tensor.dtype().bytes(), value);
  }
}
