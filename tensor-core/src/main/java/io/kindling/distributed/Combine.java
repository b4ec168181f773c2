package io.kindling.distributed;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.DTypeException;
import io.kindling.tensor.DType;

/** Combines all members' values, from rank 0 upwards, and gives each member the result. */
record Combine(ReduceOp op, DType dtype) {
  Combine {
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64 && dtype != DType.INT64) {
      throw new DTypeException(
          "allReduce: expected float32, float64 or int64, got " + dtype + "; convert with to()");
    }
  }

  void run(long[] addresses, long elements) {
    long end = elements * dtype.bytes();
    for (long at = 0; at < end; at += dtype.bytes()) {
      switch (dtype) {
        case FLOAT32 -> floats(addresses, at);
        case FLOAT64 -> doubles(addresses, at);
        default -> longs(addresses, at);
      }
    }
  }

  private void floats(long[] addresses, long at) {
    float result = getFloat(addresses[0] + at);
    for (int rank = 1; rank < addresses.length; rank++) {
      float value = getFloat(addresses[rank] + at);
      result =
          switch (op) {
            case SUM -> result + value;
            case MAX -> Math.max(result, value);
            case MIN -> Math.min(result, value);
          };
    }
    for (long address : addresses) {
      putFloat(address + at, result);
    }
  }

  private void doubles(long[] addresses, long at) {
    double result = getDouble(addresses[0] + at);
    for (int rank = 1; rank < addresses.length; rank++) {
      double value = getDouble(addresses[rank] + at);
      result =
          switch (op) {
            case SUM -> result + value;
            case MAX -> Math.max(result, value);
            case MIN -> Math.min(result, value);
          };
    }
    for (long address : addresses) {
      putDouble(address + at, result);
    }
  }

  private void longs(long[] addresses, long at) {
    long result = getLong(addresses[0] + at);
    for (int rank = 1; rank < addresses.length; rank++) {
      long value = getLong(addresses[rank] + at);
      result =
          switch (op) {
            case SUM -> result + value;
            case MAX -> Math.max(result, value);
            case MIN -> Math.min(result, value);
          };
    }
    for (long address : addresses) {
      putLong(address + at, result);
    }
  }
}
