package io.kindling.op.random;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.ArrayLength;
import io.kindling.backend.cpu.Lines;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * {@code count} places, as int64, of each row of weights {@code (C)} or {@code (N, C)}, drawn with
 * probabilities in proportion to the weights. Without replacement no place is drawn twice, and each
 * draw is from the weights that are left.
 */
public record Multinomial(long count, boolean replacement, Generator.State start) implements Op {
  /** How many blocks of a stream it takes: one number for each draw. */
  public static long blocks(long rows, long count) {
    return (Math.multiplyExact(rows, count) + 1) / 2;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    if (!inputs[0].dtype().isFloatingPoint()) {
      throw new DTypeException(
          "multinomial: expected weights of a floating type, got "
              + inputs[0].dtype()
              + "; convert with to()");
    }
    if (shape.rank() < 1 || shape.rank() > 2 || shape.size(-1) == 0) {
      throw new ShapeException("multinomial: expected weights (C) or (N, C), got " + shape);
    }
    if (count < 1 || (!replacement && count > shape.size(-1))) {
      throw new ShapeException(
          "multinomial: "
              + count
              + " draws from "
              + shape.size(-1)
              + " weights; expected at least one, and without replacement no more than that");
    }
    return Op.one(Spec.of(shape.with(-1, count), DType.INT64));
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return false;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor out = outputs[0];
    double[] weights = new double[ArrayLength.of(x.size(-1))];
    long from = Lines.step(x, -1);
    long to = Lines.step(out, -1);
    long[] drawn = new long[1];
    int[] words = new int[4];
    Lines.forEach(
        -1,
        at -> {
          for (int i = 0; i < weights.length; i++) {
            weights[i] = checked(x.dtype().readDouble(at[0] + i * from));
          }
          for (long k = 0; k < count; k++, drawn[0]++) {
            Philox.at(start.seed(), start.offset() + drawn[0] / 2, words);
            int lane = (int) (drawn[0] % 2) * 2;
            int place = draw(weights, RandomOp.fraction(words[lane], words[lane + 1]));
            out.dtype().writeLong(at[1] + k * to, place);
            weights[place] = replacement ? weights[place] : 0;
          }
        },
        x,
        out);
  }

  private static double checked(double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new KindlingException(
          "multinomial: weights must be finite and not negative, got " + weight);
    }
    return weight;
  }

  private static int draw(double[] weights, double fraction) {
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = fraction * total;
    int last = -1;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    if (last < 0) {
      throw new KindlingException(
          "multinomial: a row has fewer weights above 0 than draws without replacement");
    }
    return last; // what rounding left over
  }
}
