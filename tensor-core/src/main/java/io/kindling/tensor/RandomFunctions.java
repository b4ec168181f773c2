package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.random.Poisson;
import io.kindling.op.random.RandInt;
import io.kindling.op.random.RandPerm;
import io.kindling.op.random.RandomOp;

/** Functions that make a tensor of random numbers, reached as {@code Tensor.rand} and so on. */
abstract class RandomFunctions extends CreationFunctions {
  RandomFunctions() {}

  /** Uniformly distributed from 0 up to 1, from the default generator. */
  public static Tensor rand(long... shape) {
    return rand(Generator.defaultGenerator(), shape);
  }

  public static Tensor rand(Generator generator, long... shape) {
    return empty(Shape.of(shape), DType.defaultFloating(), Device.CPU).uniform_(0, 1, generator);
  }

  /** Normally distributed with mean 0 and variance 1, from the default generator. */
  public static Tensor randn(long... shape) {
    return randn(Generator.defaultGenerator(), shape);
  }

  public static Tensor randn(Generator generator, long... shape) {
    return empty(Shape.of(shape), DType.defaultFloating(), Device.CPU).normal_(0, 1, generator);
  }

  /** Random integers from {@code low} up to, not including, {@code high}, as int64. */
  public static Tensor randint(Generator generator, long low, long high, long... shape) {
    Tensor target = empty(Shape.of(shape), DType.INT64, Device.CPU);
    Generator.State start = generator.reserve(RandomOp.blocks(target));
    return Dispatch.runInPlace(new RandInt(low, high, start), target);
  }

  public static Tensor randint(long low, long high, long... shape) {
    return randint(Generator.defaultGenerator(), low, high, shape);
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
    return emptyLike(like).uniform_(0, 1, generator);
  }

  /** Normally distributed with mean 0 and variance 1, of another tensor's shape and type. */
  public static Tensor randnLike(Tensor like) {
    return randnLike(like, Generator.defaultGenerator());
  }

  public static Tensor randnLike(Tensor like, Generator generator) {
    return emptyLike(like).normal_(0, 1, generator);
  }

  /** Normally distributed. */
  public static Tensor normal(double mean, double std, long... shape) {
    return empty(shape).normal_(mean, std);
  }

  public static Tensor normal(double mean, double std, Generator generator, long... shape) {
    return empty(shape).normal_(mean, std, generator);
  }

  /** Normally distributed, with a mean and a standard deviation for each element. */
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
          Tensor means = mean.detach();
          Tensor scale = std.detach().add(means.mul(0));
          return randnLike(scale, generator).mul(std.detach()).add(means);
        });
  }
}
