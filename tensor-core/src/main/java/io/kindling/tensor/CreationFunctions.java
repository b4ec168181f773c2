package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.memory.ScopedHandle;
import io.kindling.op.Dispatch;
import io.kindling.op.Spec;
import io.kindling.op.create.Arange;
import io.kindling.op.create.Linspace;

/**
 * Functions that make a tensor from nothing but numbers, reached as {@code Tensor.zeros} and so on.
 */
abstract class CreationFunctions extends ScopedHandle {
  CreationFunctions() {}

  /** A tensor of the given shape from values in row-major order; no shape means one dimension. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.FLOAT32);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type float64. */
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.FLOAT64);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type int64. */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.INT64);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type int32. */
  public static Tensor of(int[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.INT32);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type bool. */
  public static Tensor of(boolean[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.BOOL);
    for (int i = 0; i < values.length; i++) {
      OffHeap.putByte(tensor.address() + i, (byte) (values[i] ? 1 : 0));
    }
    return tensor;
  }

  /** A tensor without dimensions, of type float32. */
  public static Tensor scalar(double value) {
    return full(value, DType.FLOAT32);
  }

  /** A plain number: in promotion it decides no more than the kind of the result. */
  public static Tensor number(double value, Device device) {
    return Tensor.numberOf(value, DType.FLOAT64, device);
  }

  /** As {@link #number(double, Device)}, for an integer. */
  public static Tensor number(long value, Device device) {
    Tensor number = Tensor.numberOf(0, DType.INT64, device);
    OffHeap.putLong(number.address(), value);
    return number;
  }

  public static Tensor empty(Shape shape, DType dtype, Device device) {
    return Tensor.allocate(Spec.of(shape, dtype), device);
  }

  public static Tensor zeros(long... shape) {
    return zeros(Shape.of(shape), DType.FLOAT32, Device.CPU);
  }

  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return empty(shape, dtype, device).zero_();
  }

  public static Tensor ones(long... shape) {
    return full(1, DType.FLOAT32, shape);
  }

  public static Tensor full(double value, DType dtype, long... shape) {
    return empty(Shape.of(shape), dtype, Device.CPU).fill_(value);
  }

  public static Tensor zerosLike(Tensor like) {
    return like(like).zero_();
  }

  public static Tensor onesLike(Tensor like) {
    return like(like).fill_(1);
  }

  public static Tensor emptyLike(Tensor like) {
    return like(like);
  }

  public static Tensor zerosLike(Tensor like, DType dtype) {
    return like(like, dtype).zero_();
  }

  public static Tensor onesLike(Tensor like, DType dtype) {
    return like(like, dtype).fill_(1);
  }

  public static Tensor emptyLike(Tensor like, DType dtype) {
    return like(like, dtype);
  }

  public static Tensor fullLike(Tensor like, double value) {
    return like(like).fill_(value);
  }

  public static Tensor fullLike(Tensor like, double value, DType dtype) {
    return like(like, dtype).fill_(value);
  }

  /** A matrix {@code (n, n)} with ones on its diagonal, as float32. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** A matrix {@code (rows, columns)} with ones on its diagonal. */
  public static Tensor eye(long rows, long columns, DType dtype) {
    Tensor matrix = zeros(Shape.of(rows, columns), dtype, Device.CPU);
    try (var off = Autograd.noGrad();
        Tensor diagonal = matrix.diagonal()) {
      diagonal.fill_(1);
    }
    return matrix;
  }

  /** {@code steps} values at equal distances from start to end, both included, as float32. */
  public static Tensor linspace(double start, double end, long steps) {
    return linspace(start, end, steps, DType.FLOAT32);
  }

  public static Tensor linspace(double start, double end, long steps, DType dtype) {
    return Dispatch.run(new Linspace(start, end, steps, dtype, Device.CPU));
  }

  /** 10 to the powers of {@link #linspace(double, double, long)}. */
  public static Tensor logspace(double start, double end, long steps) {
    return logspace(start, end, steps, 10, DType.FLOAT32);
  }

  public static Tensor logspace(double start, double end, long steps, double base, DType dtype) {
    return Scope.tidy(
        () -> {
          Tensor powers = linspace(start, end, steps, DType.FLOAT64);
          return number(base, Device.CPU).pow(powers).to(dtype);
        });
  }

  /** The integers from 0 up to, not including, {@code end}, as int64. */
  public static Tensor arange(long end) {
    return Dispatch.run(new Arange(0, 1, end, DType.INT64, Device.CPU));
  }

  /** The numbers from {@code start} in steps of {@code step} below {@code end}, as float32. */
  public static Tensor arange(double start, double end, double step) {
    long count = (long) Math.max(0, Math.ceil((end - start) / step));
    return Dispatch.run(new Arange(start, step, count, DType.FLOAT32, Device.CPU));
  }

  private static Tensor forValues(int count, long[] shape, DType dtype) {
    Shape to = shape.length == 0 ? Shape.of(count) : Shape.of(shape);
    if (to.numel() != count) {
      throw new ShapeException(
          "of: " + count + " values do not fill shape " + to + " of " + to.numel() + " elements");
    }
    return empty(to, dtype, Device.CPU);
  }

  private static Tensor like(Tensor like) {
    return like(like, like.dtype());
  }

  private static Tensor like(Tensor like, DType dtype) {
    return Tensor.allocate(new Spec(like.layout().denseLike(like.shape()), dtype), like.device());
  }
}
