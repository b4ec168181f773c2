package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.random.Poisson;
import io.kindling.op.random.RandPerm;
import java.util.List;

/**
 * Functions that make a tensor of random numbers, reached as {@code Tensor.rand} and so on. Without
 * a generator the numbers are the default one's; without a type they are of the default one.
 */
abstract class RandomFunctions extends CreationFunctions {
  RandomFunctions() {}

  /** Uniformly distributed from 0 up to, not including, 1. */
  public static Tensor rand(long... shape) {
    return rand(Generator.defaultGenerator(), shape);
  }

  public static Tensor rand(Generator generator, long... shape) {
    return rand(shape, DType.defaultFloating(), generator);
  }

  public static Tensor rand(long[] shape, DType dtype) {
    return rand(shape, dtype, Generator.defaultGenerator());
  }

  public static Tensor rand(long[] shape, DType dtype, Generator generator) {
    return Composite.run("rand", () -> empty(shape, dtype).uniform_(0, 1, generator));
  }

  /** Normally distributed with mean 0 and variance 1. */
  public static Tensor randn(long... shape) {
    return randn(Generator.defaultGenerator(), shape);
  }

  public static Tensor randn(Generator generator, long... shape) {
    return randn(shape, DType.defaultFloating(), generator);
  }

  public static Tensor randn(long[] shape, DType dtype) {
    return randn(shape, dtype, Generator.defaultGenerator());
  }

  public static Tensor randn(long[] shape, DType dtype, Generator generator) {
    return Composite.run("randn", () -> empty(shape, dtype).normal_(0, 1, generator));
  }

  /** Random integers from {@code low} up to, not including, {@code high}, as int64. */
  public static Tensor randint(Generator generator, long low, long high, long... shape) {
    return randint(low, high, shape, DType.INT64, generator);
  }

  public static Tensor randint(long low, long high, long... shape) {
    return randint(Generator.defaultGenerator(), low, high, shape);
  }

  public static Tensor randint(long low, long high, long[] shape, DType dtype) {
    return randint(low, high, shape, dtype, Generator.defaultGenerator());
  }

  public static Tensor randint(
      long low, long high, long[] shape, DType dtype, Generator generator) {
    return Composite.run("randint", () -> empty(shape, dtype).random_(low, high, generator));
  }

  /** Random integers in the shape and type of another tensor. */
  public static Tensor randintLike(Tensor like, long low, long high) {
    return randintLike(like, low, high, Generator.defaultGenerator());
  }

  public static Tensor randintLike(Tensor like, long low, long high, Generator generator) {
    return Composite.run("randintLike", () -> emptyLike(like).random_(low, high, generator));
  }

  /** Numbers of events, each from the distribution of Poisson with that element as its rate. */
  public static Tensor poisson(Tensor rates) {
    return poisson(rates, Generator.defaultGenerator());
  }

  public static Tensor poisson(Tensor rates, Generator generator) {
    return Dispatch.run(new Poisson(generator.reserve(rates.numel())), rates);
  }

  /** The numbers from 0 to {@code count - 1} in random order, as int64. */
  public static Tensor randperm(Generator generator, long count) {
    return Dispatch.run(new RandPerm(count, generator.reserve(RandPerm.blocks(count))));
  }

  public static Tensor randperm(long count) {
    return randperm(Generator.defaultGenerator(), count);
  }

  /** Uniformly distributed from 0 up to 1, of another tensor's shape and floating type. */
  public static Tensor randLike(Tensor like) {
    return randLike(like, Generator.defaultGenerator());
  }

  public static Tensor randLike(Tensor like, Generator generator) {
    return Composite.run("randLike", () -> emptyLike(like).uniform_(0, 1, generator));
  }

  /** Normally distributed with mean 0 and variance 1, of another tensor's shape and type. */
  public static Tensor randnLike(Tensor like) {
    return randnLike(like, Generator.defaultGenerator());
  }

  public static Tensor randnLike(Tensor like, Generator generator) {
    return Composite.run("randnLike", () -> emptyLike(like).normal_(0, 1, generator));
  }

  /** Normally distributed. */
  public static Tensor normal(double mean, double std, long... shape) {
    return normal(mean, std, Generator.defaultGenerator(), shape);
  }

  public static Tensor normal(double mean, double std, Generator generator, long... shape) {
    return Composite.run("normal", () -> empty(shape).normal_(mean, std, generator));
  }

  /** Normally distributed around each element. */
  public static Tensor normal(Tensor mean, double std) {
    return normal(mean, std, Generator.defaultGenerator());
  }

  public static Tensor normal(Tensor mean, double std, Generator generator) {
    return Composite.run(
        "normal", () -> emptyLike(mean).normal_(0, std, generator).add(mean.detach()));
  }

  /** Normally distributed, with each element as a standard deviation. */
  public static Tensor normal(double mean, Tensor std) {
    return normal(mean, std, Generator.defaultGenerator());
  }

  public static Tensor normal(double mean, Tensor std, Generator generator) {
    return Composite.run(
        "normal", () -> normal(full(mean, std.dtype()), std, generator).to(std.dtype()));
  }

  /**
   * Normally distributed, with a mean and a standard deviation for each element; the two broadcast,
   * and the means decide the type.
   */
  public static Tensor normal(Tensor mean, Tensor std) {
    return normal(mean, std, Generator.defaultGenerator());
  }

  public static Tensor normal(Tensor mean, Tensor std, Generator generator) {
    return Composite.run(
        "normal",
        () -> {
          if (std.detach().ge(0).all().item() == 0) {
            throw new KindlingException(
                "normal: standard deviations must be 0 or more, and one is not; take abs() of them");
          }
          List<Tensor> both = Tensor.broadcastTensors(List.of(mean.detach(), std.detach()));
          return randnLike(both.get(0), generator)
              .mul(both.get(1))
              .add(mean.detach())
              .to(mean.dtype());
        });
  }
}
