package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.random.Bernoulli;
import io.kindling.op.random.Cauchy;
import io.kindling.op.random.DistributionOp;
import io.kindling.op.random.Exponential;
import io.kindling.op.random.Geometric;
import io.kindling.op.random.LogNormal;
import io.kindling.op.random.Multinomial;
import io.kindling.op.random.Normal;
import io.kindling.op.random.RandInt;
import io.kindling.op.random.Uniform;

/**
 * Random numbers for the elements of this tensor, or drawn by its elements. Without a generator the
 * numbers are the default one's.
 */
interface RandomMethods {
  /** Fills with uniformly distributed numbers from {@code low} up to, not including, high. */
  default Tensor uniform_(double low, double high, Generator generator) {
    return Dispatch.runInPlace(new Uniform(low, high, reserve(generator)), self());
  }

  default Tensor uniform_(double low, double high) {
    return uniform_(low, high, Generator.defaultGenerator());
  }

  /** From 0 up to 1. */
  default Tensor uniform_() {
    return uniform_(0, 1);
  }

  /** Fills with normally distributed numbers. */
  default Tensor normal_(double mean, double std, Generator generator) {
    return Dispatch.runInPlace(new Normal(mean, std, reserve(generator)), self());
  }

  default Tensor normal_(double mean, double std) {
    return normal_(mean, std, Generator.defaultGenerator());
  }

  /** With mean 0 and variance 1. */
  default Tensor normal_() {
    return normal_(0, 1);
  }

  /** Fills with numbers whose logarithm has this mean and this standard deviation. */
  default Tensor logNormal_(double mean, double std, Generator generator) {
    return Dispatch.runInPlace(new LogNormal(mean, std, reserve(generator)), self());
  }

  default Tensor logNormal_(double mean, double std) {
    return logNormal_(mean, std, Generator.defaultGenerator());
  }

  /** Fills with exponentially distributed numbers of mean {@code 1 / rate}, all above 0. */
  default Tensor exponential_(double rate, Generator generator) {
    return Dispatch.runInPlace(new Exponential(rate, reserve(generator)), self());
  }

  default Tensor exponential_(double rate) {
    return exponential_(rate, Generator.defaultGenerator());
  }

  /** Fills with numbers distributed as Cauchy's, half of them within sigma of the median. */
  default Tensor cauchy_(double median, double sigma, Generator generator) {
    return Dispatch.runInPlace(new Cauchy(median, sigma, reserve(generator)), self());
  }

  default Tensor cauchy_(double median, double sigma) {
    return cauchy_(median, sigma, Generator.defaultGenerator());
  }

  /** Fills with numbers of trials, from 1, up to the first success of that probability. */
  default Tensor geometric_(double probability, Generator generator) {
    return Dispatch.runInPlace(new Geometric(probability, reserve(generator)), self());
  }

  default Tensor geometric_(double probability) {
    return geometric_(probability, Generator.defaultGenerator());
  }

  /** Fills with integers from {@code from} up to, not including, {@code to}. */
  default Tensor random_(long from, long to, Generator generator) {
    Generator.State start = generator.reserve(RandInt.blocks(self()));
    return Composite.run(
        "random_", () -> Dispatch.runInPlace(new RandInt(from, to, start), self()));
  }

  default Tensor random_(long from, long to) {
    return random_(from, to, Generator.defaultGenerator());
  }

  /** Fills with integers from 0 up to, not including, {@code to}. */
  default Tensor random_(long to) {
    return random_(0, to);
  }

  /** Fills with integers from 0 on, as large as the type holds with all integers below. */
  default Tensor random_(Generator generator) {
    long to =
        switch (self().dtype()) {
          case BOOL -> 2;
          case UINT8 -> 1L << 8;
          case INT8 -> 1L << 7;
          case INT16 -> 1L << 15;
          case INT32 -> 1L << 31;
          case INT64 -> Long.MAX_VALUE;
          case FLOAT16 -> (1L << 11) + 1;
          case BFLOAT16 -> (1L << 8) + 1;
          case FLOAT32 -> (1L << 24) + 1;
          case FLOAT64 -> (1L << 53) + 1;
        };
    return random_(0, to, generator);
  }

  default Tensor random_() {
    return random_(Generator.defaultGenerator());
  }

  /** Fills with 1 where chance, with the given probability, wants it, and with 0 elsewhere. */
  default Tensor bernoulli_(double probability, Generator generator) {
    return Dispatch.runInPlace(new Bernoulli(probability, reserve(generator)), self());
  }

  default Tensor bernoulli_(double probability) {
    return bernoulli_(probability, Generator.defaultGenerator());
  }

  /** As {@link #bernoulli_(double)}, with probabilities that broadcast to this tensor's shape. */
  default Tensor bernoulli_(Tensor probabilities, Generator generator) {
    return Composite.run(
        "bernoulli_",
        () -> {
          Tensor chances = probabilities.detach().expand(self().shape().toArray());
          return self().copy_(chances.bernoulli(generator));
        });
  }

  default Tensor bernoulli_(Tensor probabilities) {
    return bernoulli_(probabilities, Generator.defaultGenerator());
  }

  /** 1 where chance, with each element's own probability, wants it, and 0 elsewhere. */
  default Tensor bernoulli() {
    return bernoulli(Generator.defaultGenerator());
  }

  default Tensor bernoulli(Generator generator) {
    return Composite.run(
        "bernoulli",
        () -> {
          Tensor chances = self().detach();
          if (!chances.dtype().isFloatingPoint()) {
            throw new DTypeException(
                "bernoulli: expected probabilities of a floating type, got "
                    + chances.dtype()
                    + "; convert with to()");
          }
          if (chances.lt(0).logicalOr(chances.le(1).logicalNot()).any().item() != 0) {
            throw new KindlingException(
                "bernoulli: probabilities must be from 0 to 1, and one is not; clamp(0, 1) them");
          }
          // In double precision no probability but 0 is too small to be met.
          Tensor drawn = Tensor.emptyLike(chances, DType.FLOAT64).uniform_(0, 1, generator);
          return drawn.lt(chances).to(self().dtype());
        });
  }

  /** As {@link #bernoulli_(double)}, in a new tensor of this one's shape and type. */
  default Tensor bernoulli(double probability, Generator generator) {
    return Composite.run(
        "bernoulli", () -> Tensor.emptyLike(self()).bernoulli_(probability, generator));
  }

  default Tensor bernoulli(double probability) {
    return bernoulli(probability, Generator.defaultGenerator());
  }

  /** Places drawn from weights {@code (C)} or {@code (N, C)} in proportion to them, as int64. */
  default Tensor multinomial(long count, boolean replacement, Generator generator) {
    long rows = self().dim() == 2 ? self().size(0) : 1;
    Generator.State start = generator.reserve(Multinomial.blocks(rows, Math.max(count, 0)));
    return Dispatch.run(new Multinomial(count, replacement, start), self());
  }

  default Tensor multinomial(long count, boolean replacement) {
    return multinomial(count, replacement, Generator.defaultGenerator());
  }

  private Generator.State reserve(Generator generator) {
    return generator.reserve(DistributionOp.blocks(self()));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
