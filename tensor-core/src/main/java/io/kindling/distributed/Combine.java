package io.kindling.distributed;

import io.kindling.DTypeException;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;

/**
 * Combines all members' values and gives each member the result, or its own segment of it, a part
 * at a time, so that several threads can share the work.
 *
 * <p>A {@link Segment} says in which order.
 *
 * @param scatter whether a member gets its own segment only
 */
record Combine(ReduceOp op, DType dtype, boolean scatter) implements Meeting.Action {
  /** Elements of one part: the work of some ten microseconds. */
  private static final long PART = 1 << 16;

  /**
   * Elements on the way through the heap, whose loops the compiler vectorises. Gradients lie far
   * from the processor: with 2,048 a sum took half as long again, and a fit of ten epochs filled 22
   * MB of the heap with the arrays, in a young JVM memory that was never touched before.
   */
  private static final int BLOCK = 512;

  Combine {
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64 && dtype != DType.INT64) {
      throw new DTypeException(
          "a reduction takes float32, float64 or int64, got " + dtype + "; convert with to()");
    }
  }

  @Override
  public int parts(long elements) {
    return partsOf(elements);
  }

  /** Into how many parts of some ten microseconds' work that many elements are cut. */
  static int partsOf(long elements) {
    return Math.toIntExact((elements + PART - 1) / PART);
  }

  /** What a segment has of a part, which may be nothing. */
  static Segment pieceOf(Segment segment, int part) {
    long start = Math.max(segment.start(), part * PART);
    return new Segment(start, Math.max(start, Math.min(segment.end(), (part + 1) * PART)));
  }

  @Override
  public void run(int part, long[] addresses, long elements) {
    switch (dtype) {
      case FLOAT32 -> run(part, addresses, elements, new Floats(op));
      case FLOAT64 -> run(part, addresses, elements, new Doubles(op));
      default -> run(part, addresses, elements, new Longs(op));
    }
  }

  private void run(int part, long[] addresses, long elements, Block block) {
    int bytes = dtype.bytes();
    for (int rank = 0; rank < addresses.length; rank++) {
      Segment piece = pieceOf(Segment.of(elements, rank, addresses.length), part);
      for (long at = piece.start(); at < piece.end(); at += BLOCK) {
        int count = (int) Math.min(BLOCK, piece.end() - at);
        block.first(addresses[(rank + 1) % addresses.length] + at * bytes, count);
        for (int k = 2; k <= addresses.length; k++) {
          block.next(addresses[(rank + k) % addresses.length] + at * bytes, count);
        }
        for (int target = 0; target < addresses.length; target++) {
          if (!scatter || target == rank) {
            block.store(addresses[target] + at * bytes, count);
          }
        }
      }
    }
  }

  /** Combines up to {@link #BLOCK} elements. */
  private interface Block {
    void first(long source, int count);

    void next(long source, int count);

    void store(long target, int count);
  }

  private static final class Floats implements Block {
    private final ReduceOp op;
    private final float[] result = new float[BLOCK];
    private final float[] values = new float[BLOCK];

    Floats(ReduceOp op) {
      this.op = op;
    }

    @Override
    public void first(long source, int count) {
      OffHeap.copyTo(source, result, 0, count);
    }

    @Override
    public void next(long source, int count) {
      OffHeap.copyTo(source, values, 0, count);
      switch (op) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            result[i] += values[i];
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.max(result[i], values[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.min(result[i], values[i]);
          }
        }
      }
    }

    @Override
    public void store(long target, int count) {
      OffHeap.copyFrom(result, 0, target, count);
    }
  }

  private static final class Doubles implements Block {
    private final ReduceOp op;
    private final double[] result = new double[BLOCK];
    private final double[] values = new double[BLOCK];

    Doubles(ReduceOp op) {
      this.op = op;
    }

    @Override
    public void first(long source, int count) {
      OffHeap.copyTo(source, result, 0, count);
    }

    @Override
    public void next(long source, int count) {
      OffHeap.copyTo(source, values, 0, count);
      switch (op) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            result[i] += values[i];
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.max(result[i], values[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.min(result[i], values[i]);
          }
        }
      }
    }

    @Override
    public void store(long target, int count) {
      OffHeap.copyFrom(result, 0, target, count);
    }
  }

  private static final class Longs implements Block {
    private final ReduceOp op;
    private final long[] result = new long[BLOCK];
    private final long[] values = new long[BLOCK];

    Longs(ReduceOp op) {
      this.op = op;
    }

    @Override
    public void first(long source, int count) {
      OffHeap.copyTo(source, result, 0, count);
    }

    @Override
    public void next(long source, int count) {
      OffHeap.copyTo(source, values, 0, count);
      switch (op) {
        case SUM -> {
          for (int i = 0; i < count; i++) {
            result[i] += values[i];
          }
        }
        case MAX -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.max(result[i], values[i]);
          }
        }
        case MIN -> {
          for (int i = 0; i < count; i++) {
            result[i] = Math.min(result[i], values[i]);
          }
        }
      }
    }

    @Override
    public void store(long target, int count) {
      OffHeap.copyFrom(result, 0, target, count);
    }
  }
}
