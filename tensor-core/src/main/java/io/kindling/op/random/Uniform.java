package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Tensor;

/**
 * Uniformly distributed from {@code low} up to, not including, {@code high}. The values are as many
 * equal steps apart as the type's precision allows, so that from 0 to 1 none is rounded.
 */
public record Uniform(double low, double high, Generator.State start) implements DistributionOp {
  private static final float LARGEST_FLOAT16 = 65504;
  private static final float LARGEST_BFLOAT16 = 0x1.FEp127f;

  public Uniform {
    if (!(low <= high)) {
      throw new KindlingException("uniform: expected low <= high, got " + low + " and " + high);
    }
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Spec[] result = DistributionOp.super.infer(inputs);
    double most = largest(inputs[0].dtype());
    if (!(-low <= most && high <= most && high - low <= most)) {
      throw new KindlingException(
          "uniform: the range from "
              + low
              + " to "
              + high
              + " is wider than "
              + inputs[0].dtype()
              + " can hold, at most "
              + most);
    }
    return result;
  }

  @Override
  public void singles(int[] words, DType dtype, double[] values, int count) {
    int unused = 32 - digits(dtype);
    double first = rounded(low, dtype);
    double bound = rounded(high, dtype);
    double step = (bound - first) / (1L << digits(dtype));
    double last = first < bound ? below(bound, dtype) : bound;
    if (dtype == DType.FLOAT32) {
      floats(words, first, step, values, count);
    } else {
      for (int i = 0; i < count; i++) {
        values[i] = rounded(first + (words[i] >>> unused) * step, dtype);
      }
    }
    for (int i = 0; i < count; i++) {
      values[i] = values[i] >= bound ? last : values[i];
    }
  }

  private static void floats(int[] words, double first, double step, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      values[i] = (float) (first + (words[i] >>> 8) * step);
    }
  }

  @Override
  public void doubles(int[] words, double[] values, int count) {
    for (int i = 0; i < count; i++) {
      double value = low + (high - low) * RandomOp.fraction(words[2 * i], words[2 * i + 1]);
      values[i] = value >= high && low < high ? Math.nextDown(high) : value;
    }
  }

  /** Binary digits of a number's significand, for types of at most 32 bits. */
  private static int digits(DType dtype) {
    return dtype == DType.FLOAT16 ? 11 : dtype == DType.BFLOAT16 ? 8 : 24;
  }

  private static double largest(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> LARGEST_FLOAT16;
      case BFLOAT16 -> LARGEST_BFLOAT16;
      case FLOAT32 -> Float.MAX_VALUE;
      default -> Double.MAX_VALUE;
    };
  }

  private static float rounded(double value, DType dtype) {
    float single = (float) value;
    return switch (dtype) {
      case FLOAT16 -> HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(single));
      case BFLOAT16 -> HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(single));
      default -> single;
    };
  }

  /** The number of this type next below one of its numbers: rounding must not reach the bound. */
  private static double below(double bound, DType dtype) {
    float next = Math.nextDown((float) bound);
    // A float's neighbour is nearer than a half's: go on until it rounds to another number.
    for (float gap = Math.ulp(next); rounded(next, dtype) >= bound; gap *= 2) {
      next = (float) bound - gap;
    }
    return rounded(next, dtype);
  }
}
