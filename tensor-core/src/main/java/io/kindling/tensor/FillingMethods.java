package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Assign;
import io.kindling.op.random.Bernoulli;
import io.kindling.op.random.Multinomial;
import io.kindling.op.random.Normal;
import io.kindling.op.random.RandomOp;
import io.kindling.op.random.Uniform;

/** New values for the elements of this tensor: copied, constant or random. */
interface FillingMethods {
  default Tensor copy_(Tensor source) {
    return Dispatch.runInPlace(new Assign(), self(), source);
  }

  default Tensor fill_(double value) {
    return NumberOperand.runInPlace(new Assign(), self(), value);
  }

  default Tensor zero_() {
    return fill_(0);
  }

  /** Fills with uniformly distributed numbers from {@code low} up to, not including, high. */
  default Tensor uniform_(double low, double high, Generator generator) {
    return Dispatch.runInPlace(new Uniform(low, high, reserve(generator)), self());
  }

  default Tensor uniform_(double low, double high) {
    return uniform_(low, high, Generator.defaultGenerator());
  }

  /** Fills with normally distributed numbers. */
  default Tensor normal_(double mean, double std, Generator generator) {
    return Dispatch.runInPlace(new Normal(mean, std, reserve(generator)), self());
  }

  default Tensor normal_(double mean, double std) {
    return normal_(mean, std, Generator.defaultGenerator());
  }

  /** Fills with 1 where chance, with the given probability, wants it, and with 0 elsewhere. */
  default Tensor bernoulli_(double probability, Generator generator) {
    return Dispatch.runInPlace(new Bernoulli(probability, reserve(generator)), self());
  }

  default Tensor bernoulli_(double probability) {
    return bernoulli_(probability, Generator.defaultGenerator());
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
          if (chances.lt(0).logicalOr(chances.le(1).logicalNot()).any().item() != 0) {
            throw new KindlingException(
                "bernoulli: probabilities must be from 0 to 1, and one is not; clamp(0, 1) them");
          }
          // In double precision no probability but 0 is too small to be met.
          Tensor drawn = Tensor.emptyLike(chances, DType.FLOAT64).uniform_(0, 1, generator);
          return drawn.lt(chances).to(self().dtype());
        });
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
    return generator.reserve(RandomOp.blocks(self()));
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
