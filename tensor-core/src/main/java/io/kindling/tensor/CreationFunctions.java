package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.MemoryException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.OffHeap;
import io.kindling.memory.ScopedHandle;
import io.kindling.memory.Storage;
import io.kindling.op.Dispatch;
import io.kindling.op.Spec;
import io.kindling.op.create.Arange;
import io.kindling.op.create.Linspace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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

  /** A tensor without dimensions, of the default type. */
  public static Tensor scalar(double value) {
    return full(value, DType.defaultFloating());
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
    return zeros(shape, DType.defaultFloating());
  }

  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return empty(shape, dtype, device).zero_();
  }

  public static Tensor ones(long... shape) {
    return ones(shape, DType.defaultFloating());
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
    return fullLike(like, value, like.dtype());
  }

  public static Tensor fullLike(Tensor like, double value, DType dtype) {
    NumberOperand.checkFits("fullLike", dtype, value);
    return like(like, dtype).fill_(value);
  }

  /** As {@link #zeros(long...)}, of a type. */
  public static Tensor zeros(long[] shape, DType dtype) {
    return filled("zeros", shape, 0, dtype);
  }

  public static Tensor ones(long[] shape, DType dtype) {
    return filled("ones", shape, 1, dtype);
  }

  /** A tensor with undefined contents, of the default type. */
  public static Tensor empty(long... shape) {
    return empty(shape, DType.defaultFloating());
  }

  public static Tensor empty(long[] shape, DType dtype) {
    return empty(Shape.of(shape), dtype, Device.CPU);
  }

  /** One number everywhere, in the default type. */
  public static Tensor full(long[] shape, double value) {
    return full(shape, value, DType.defaultFloating());
  }

  /** One integer everywhere, as int64. */
  public static Tensor full(long[] shape, long value) {
    return full(shape, value, DType.INT64);
  }

  public static Tensor full(long[] shape, double value, DType dtype) {
    return filled("full", shape, value, dtype);
  }

  /** A matrix {@code (n, n)} with ones on its diagonal, in the default type. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.defaultFloating());
  }

  public static Tensor eye(long rows, long columns) {
    return eye(rows, columns, DType.defaultFloating());
  }

  /** A matrix {@code (rows, columns)} with ones on its diagonal. */
  public static Tensor eye(long rows, long columns, DType dtype) {
    return Composite.run(
        "eye",
        () -> {
          Tensor matrix = zeros(Shape.of(rows, columns), dtype, Device.CPU);
          try (var off = Autograd.noGrad()) {
            matrix.diagonal().fill_(1);
          }
          return matrix;
        });
  }

  /**
   * {@code steps} values at equal distances from start to end, both included, in the default type.
   */
  public static Tensor linspace(double start, double end, long steps) {
    return linspace(start, end, steps, DType.defaultFloating());
  }

  public static Tensor linspace(double start, double end, long steps, DType dtype) {
    return Dispatch.run(new Linspace(start, end, steps, dtype, Device.CPU));
  }

  /** 10 to the powers of {@link #linspace(double, double, long)}. */
  public static Tensor logspace(double start, double end, long steps) {
    return logspace(start, end, steps, 10, DType.defaultFloating());
  }

  public static Tensor logspace(double start, double end, long steps, DType dtype) {
    return logspace(start, end, steps, 10, dtype);
  }

  public static Tensor logspace(double start, double end, long steps, double base) {
    return logspace(start, end, steps, base, DType.defaultFloating());
  }

  public static Tensor logspace(double start, double end, long steps, double base, DType dtype) {
    return Composite.run(
        "logspace",
        () -> {
          Tensor powers = linspace(start, end, steps, DType.FLOAT64);
          return number(base, Device.CPU).pow(powers).to(dtype);
        });
  }

  /** The integers from 0 up to, not including, {@code end}, as int64. */
  public static Tensor arange(long end) {
    return arange(0, end, 1);
  }

  /** The integers from {@code start} up to, not including, {@code end}, as int64. */
  public static Tensor arange(long start, long end) {
    return arange(start, end, 1);
  }

  /** Every {@code step}-th of these integers, as int64. */
  public static Tensor arange(long start, long end, long step) {
    return arange(start, end, step, DType.INT64);
  }

  /** As {@link #arange(long)}, in the default type. */
  public static Tensor arange(double end) {
    return arange(0, end, 1.0);
  }

  public static Tensor arange(double start, double end) {
    return arange(start, end, 1.0);
  }

  /**
   * The numbers from {@code start} in steps of {@code step} up to {@code end}, in the default type.
   */
  public static Tensor arange(double start, double end, double step) {
    return arange(start, end, step, DType.defaultFloating());
  }

  public static Tensor arange(double end, DType dtype) {
    return arange(0, end, 1, dtype);
  }

  public static Tensor arange(double start, double end, DType dtype) {
    return arange(start, end, 1, dtype);
  }

  public static Tensor arange(double start, double end, double step, DType dtype) {
    double count = Math.ceil((end - start) / step);
    if (!(count >= 0 && count < 0x1p62)) {
      throw new ShapeException(
          "arange: from "
              + start
              + " there is no way to "
              + end
              + " in steps of "
              + step
              + "; give the step the other sign");
    }
    boolean whole = !dtype.isFloatingPoint();
    return Dispatch.run(
        new Arange(
            whole ? (long) start : start,
            whole ? (long) step : step,
            (long) count,
            dtype,
            Device.CPU));
  }

  /**
   * A tensor on the memory of a direct buffer, from its position to its limit, in the machine's
   * byte order; what is written to one is seen in the other. No shape means one dimension.
   */
  public static Tensor frombuffer(ByteBuffer buffer, DType dtype, long... shape) {
    if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder()) {
      throw new MemoryException(
          "frombuffer: expected a direct buffer in the machine's byte order; use"
              + " ByteBuffer.allocateDirect(n).order(ByteOrder.nativeOrder())");
    }
    Shape to = shape.length == 0 ? Shape.of(buffer.remaining() / dtype.bytes()) : Shape.of(shape);
    return new Tensor(Storage.wrap(buffer), Spec.of(to, dtype), Device.CPU);
  }

  private static Tensor filled(String name, long[] shape, double value, DType dtype) {
    try {
      NumberOperand.checkFits(name, dtype, value);
      return empty(Shape.of(shape), dtype, Device.CPU).fill_(value);
    } catch (KindlingException e) {
      throw e.during(name);
    }
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
