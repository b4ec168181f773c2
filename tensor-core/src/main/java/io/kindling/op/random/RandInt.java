package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.backend.cpu.RandomLoop;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/**
 * Uniformly distributed integers from {@code low} up to, not including, {@code high}: the upper
 * half of 64 random bits times the number of values. What the values do not divide evenly is drawn
 * anew, from Philox's upper counter at the same position (Lemire, "Fast random integer generation
 * in an interval", 2019), so that no value comes more often than another.
 */
public record RandInt(long low, long high, Generator.State start) implements RandomOp {
  public RandInt {
    if (low >= high) {
      throw new KindlingException("randint: expected low < high, got " + low + " and " + high);
    }
  }

  /** How many blocks of a stream a tensor takes. */
  public static long blocks(Tensor tensor) {
    return (tensor.numel() + 1) / 2;
  }

  @Override
  public boolean takes(DType dtype) {
    return true;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Spec[] result = RandomOp.super.infer(inputs);
    DType dtype = inputs[0].dtype();
    if (!fits(low, dtype) || !fits(high - 1, dtype)) {
      throw new KindlingException(
          "randint: "
              + dtype
              + " does not hold all integers from "
              + low
              + " to "
              + (high - 1)
              + "; use a wider type");
    }
    return result;
  }

  /** Floating types are asked only not to overflow, as PyTorch asks them. */
  private static boolean fits(long value, DType dtype) {
    int spare = 64 - 8 * dtype.bytes();
    return switch (dtype) {
      case BOOL -> value == 0 || value == 1;
      case UINT8 -> value >= 0 && value < 256;
      case INT8, INT16, INT32 -> value << spare >> spare == value;
      case FLOAT16 -> value >= -65504 && value <= 65504;
      case INT64, FLOAT32, FLOAT64, BFLOAT16 -> true;
    };
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    RandomLoop.run(start, this::replace, outputs[0]);
  }

  private void replace(long[] values, long place, int number) {
    long count = high - low; // without a sign
    long uneven = Long.remainderUnsigned(-count, count);
    for (int i = 0; i < number; i++) {
      long bits = values[i];
      if (Long.compareUnsigned(bits * count, uneven) < 0) {
        bits = again(place + i, count, uneven);
      }
      values[i] = low + upperHalf(bits, count);
    }
  }

  /** Bits of later blocks at a place's position, the first that are dealt out evenly. */
  private long again(long place, long count, long uneven) {
    int[] words = new int[4];
    int lane = (int) (place % 2) * 2;
    for (int block = 1; ; block++) {
      Philox.at(start.seed(), start.offset() + place / 2, block, words);
      long bits = RandomOp.bits(words[lane], words[lane + 1]);
      if (Long.compareUnsigned(bits * count, uneven) >= 0) {
        return bits;
      }
    }
  }

  /** The upper half of the product of two numbers without signs. */
  private static long upperHalf(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
