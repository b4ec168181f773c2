package io.kindling.spark.comm;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.DTypeException;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;

/** The arithmetic of reductions: one plain loop an operation and type, so that it vectorises. */
final class Reduction {
  private Reduction() {}

  /** Fails for types that have no loop here. */
  static void checkSupported(DType dtype) {
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64 && dtype != DType.INT64) {
      throw new DTypeException(
          "a reduction takes float32, float64 or int64, got " + dtype + "; convert it with to()");
    }
  }

  /** {@code target[i] = received[i] op target[i]}; both are addresses of {@code count} elements. */
  static void accumulate(DType dtype, ReduceOp op, long target, long received, int count) {
    if (dtype == DType.FLOAT32) {
      float32(op, target, received, count);
    } else if (dtype == DType.FLOAT64) {
      float64(op, target, received, count);
    } else {
      int64(op, target, received, count);
    }
  }

  private static void float32(ReduceOp op, long target, long received, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          putFloat(target + 4L * i, getFloat(received + 4L * i) + getFloat(target + 4L * i));
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          putFloat(
              target + 4L * i, Math.max(getFloat(received + 4L * i), getFloat(target + 4L * i)));
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          putFloat(
              target + 4L * i, Math.min(getFloat(received + 4L * i), getFloat(target + 4L * i)));
        }
      }
    }
  }

  private static void float64(ReduceOp op, long target, long received, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          putDouble(target + 8L * i, getDouble(received + 8L * i) + getDouble(target + 8L * i));
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          putDouble(
              target + 8L * i, Math.max(getDouble(received + 8L * i), getDouble(target + 8L * i)));
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          putDouble(
              target + 8L * i, Math.min(getDouble(received + 8L * i), getDouble(target + 8L * i)));
        }
      }
    }
  }

  private static void int64(ReduceOp op, long target, long received, int count) {
    switch (op) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, getLong(received + 8L * i) + getLong(target + 8L * i));
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, Math.max(getLong(received + 8L * i), getLong(target + 8L * i)));
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          putLong(target + 8L * i, Math.min(getLong(received + 8L * i), getLong(target + 8L * i)));
        }
      }
    }
  }
}
