package io.kindling.op.random;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Numbers of events, each from the distribution of Poisson with the element of the input as its
 * rate. Small rates multiply uniform numbers until the product falls below {@code e^-rate} (Knuth);
 * larger ones use the transformed rejection of Hörmann, "The transformed rejection method for
 * generating Poisson random variables" (1993).
 *
 * <p>How many uniform numbers an element takes depends on chance, so each has a stream of its own:
 * its position in the generator's stream, and beyond it Philox's upper counter. The values depend
 * on seed and position alone.
 */
public record Poisson(Generator.State start) implements Op {
  private static final double SMALL = 10;

  /** Logarithms of the factorials of 0 to 9; above, the series of Stirling is exact enough. */
  private static final double[] LOG_FACTORIALS = new double[10];

  static {
    for (int k = 2; k < LOG_FACTORIALS.length; k++) {
      LOG_FACTORIALS[k] = LOG_FACTORIALS[k - 1] + Math.log(k);
    }
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Tensor rates = inputs[0];
    if (!rates.dtype().isFloatingPoint()) {
      throw new DTypeException(
          "poisson: expected rates of a floating type, got "
              + rates.dtype()
              + "; convert with to()");
    }
    return Op.one(new Spec(rates.layout().denseLike(rates.shape()), rates.dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor rates = inputs[0];
    Tensor counts = outputs[0];
    Layout from = rates.layout();
    Layout to = counts.layout();
    DType dtype = rates.dtype();
    long[] index = new long[from.rank()];
    Uniforms uniforms = new Uniforms(start.seed());
    for (long i = 0, count = rates.numel(); i < count; i++) {
      double rate = dtype.readDouble(address(rates, from, index));
      if (!(rate >= 0) || rate == Double.POSITIVE_INFINITY) {
        throw new KindlingException(
            "poisson: expected finite rates >= 0, got " + rate + "; clamp() them first");
      }
      uniforms.start(start.offset() + i);
      counts.dtype().writeDouble(address(counts, to, index), draw(rate, uniforms));
      for (int d = index.length - 1; d >= 0 && ++index[d] == from.size(d); d--) {
        index[d] = 0;
      }
    }
  }

  private static long address(Tensor tensor, Layout layout, long[] index) {
    long position = layout.offset();
    for (int d = 0; d < index.length; d++) {
      position += index[d] * layout.stride(d);
    }
    return tensor.storage().address() + position * tensor.dtype().bytes();
  }

  private static double draw(double rate, Uniforms uniforms) {
    return rate < SMALL ? multiplied(rate, uniforms) : rejected(rate, uniforms);
  }

  private static double multiplied(double rate, Uniforms uniforms) {
    double least = Math.exp(-rate);
    double product = uniforms.next();
    double count = 0;
    while (product > least) {
      product *= uniforms.next();
      count++;
    }
    return count;
  }

  /** The names are the paper's; u and v are its uniform numbers. */
  private static double rejected(double rate, Uniforms uniforms) {
    double b = 0.931 + 2.53 * Math.sqrt(rate);
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double vr = 0.9277 - 3.6224 / (b - 2);
    double logRate = Math.log(rate);
    while (true) {
      double u = uniforms.next() - 0.5;
      double v = uniforms.next();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + rate + 0.43);
      if (us >= 0.07 && v <= vr) {
        return k;
      }
      if (k < 0 || (us < 0.013 && v > us)) {
        continue;
      }
      double height = Math.log(v * inverseAlpha / (a / (us * us) + b));
      if (height <= k * logRate - rate - logFactorial(k)) {
        return k;
      }
    }
  }

  private static double logFactorial(double k) {
    if (k < LOG_FACTORIALS.length) {
      return LOG_FACTORIALS[(int) k];
    }
    double square = k * k;
    return (k + 0.5) * Math.log(k)
        - k
        + 0.5 * Math.log(2 * Math.PI)
        + (1 / 12.0 - (1 / 360.0 - 1 / (1260 * square)) / square) / k;
  }

  /** The counts do not move with the rates. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {Tensor.zerosLike(gradients[0])};
  }

  /** Uniform numbers above 0 and below 1, without end, from each position of a stream. */
  private static final class Uniforms {
    private final long seed;
    private final int[] words = new int[4];
    private long position;
    private int block;
    private int word;

    Uniforms(long seed) {
      this.seed = seed;
    }

    void start(long position) {
      this.position = position;
      block = 0;
      word = words.length;
    }

    double next() {
      if (word == words.length) {
        Philox.at(seed, position, block++, words);
        word = 0;
      }
      double value = RandomOp.inside(words[word], words[word + 1]);
      word += 2;
      return value;
    }
  }
}
