package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putLong;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scratch;
import io.kindling.tensor.DType;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Tensor;

/**
 * Dense blocks of up to {@link #SIZE} elements in the first-level cache, between strided memory of
 * any type and the loops that calculate in float, double or long. Each thread has a few for itself.
 */
final class Blocks {
  static final int SIZE = 2048;
  private static final int COUNT = 6;
  private static final ThreadLocal<Blocks> OF_THREAD = ThreadLocal.withInitial(Blocks::new);

  private final Scratch scratch = new Scratch((long) COUNT * SIZE * Double.BYTES);

  private Blocks() {}

  static Blocks ofThread() {
    return OF_THREAD.get();
  }

  long address(int index) {
    return scratch.address() + (long) index * SIZE * Double.BYTES;
  }

  /** Reads {@code count} elements, {@code stride} elements apart, into a block of type compute. */
  static void load(DType from, long source, long stride, DType compute, long block, int count) {
    long step = stride * from.bytes();
    switch (compute) {
      case FLOAT32 -> loadFloats(from, source, step, block, count);
      case FLOAT64 -> loadDoubles(from, source, step, block, count);
      default -> loadLongs(from, source, step, block, count);
    }
  }

  /** Writes a block of type compute to {@code count} elements, {@code stride} elements apart. */
  static void store(DType compute, long block, DType to, long target, long stride, int count) {
    long step = stride * to.bytes();
    switch (compute) {
      case FLOAT32 -> storeFloats(block, to, target, step, count);
      case FLOAT64 -> storeDoubles(block, to, target, step, count);
      default -> storeLongs(block, to, target, step, count);
    }
  }

  /**
   * Reads {@code count} elements, {@code stride} elements apart, into {@code to} from {@code at}.
   */
  static void load(DType from, long source, long stride, double[] to, int at, int count) {
    long block = ofThread().address(0);
    for (int done = 0; done < count; done += SIZE) {
      int length = Math.min(SIZE, count - done);
      load(from, source + done * stride * from.bytes(), stride, DType.FLOAT64, block, length);
      OffHeap.copyTo(block, to, at + done, length);
    }
  }

  /** Writes {@code count} of {@code values} from {@code at} to elements {@code stride} apart. */
  static void store(double[] values, int at, DType to, long target, long stride, int count) {
    long block = ofThread().address(0);
    for (int done = 0; done < count; done += SIZE) {
      int length = Math.min(SIZE, count - done);
      OffHeap.copyFrom(values, at + done, block, length);
      store(DType.FLOAT64, block, to, target + done * stride * to.bytes(), stride, length);
    }
  }

  /** The elements of a tensor with one dimension. */
  static double[] vector(Tensor tensor) {
    double[] values = new double[ArrayLength.of(tensor.numel())];
    load(tensor.dtype(), tensor.address(), tensor.stride(0), values, 0, values.length);
    return values;
  }

  private static void loadFloats(DType from, long source, long step, long block, int count) {
    if (step == 0) {
      float value = (float) from.readDouble(source);
      for (int i = 0; i < count; i++) {
        putFloat(block + 4L * i, value);
      }
    } else if (from == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        putFloat(block + 4L * i, getFloat(source + step * i));
      }
    } else if (from == DType.BFLOAT16) {
      for (int i = 0; i < count; i++) {
        putFloat(block + 4L * i, HalfPrecision.bfloat16ToFloat(getShort(source + step * i)));
      }
    } else {
      for (int i = 0; i < count; i++) {
        putFloat(block + 4L * i, (float) from.readDouble(source + step * i));
      }
    }
  }

  private static void loadDoubles(DType from, long source, long step, long block, int count) {
    if (step == 0) {
      double value = from.readDouble(source);
      for (int i = 0; i < count; i++) {
        putDouble(block + 8L * i, value);
      }
    } else if (from == DType.FLOAT64) {
      for (int i = 0; i < count; i++) {
        putDouble(block + 8L * i, getDouble(source + step * i));
      }
    } else if (from == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        putDouble(block + 8L * i, getFloat(source + step * i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        putDouble(block + 8L * i, from.readDouble(source + step * i));
      }
    }
  }

  private static void loadLongs(DType from, long source, long step, long block, int count) {
    if (step == 0) {
      long value = from.readLong(source);
      for (int i = 0; i < count; i++) {
        putLong(block + 8L * i, value);
      }
    } else if (from == DType.INT64) {
      for (int i = 0; i < count; i++) {
        putLong(block + 8L * i, getLong(source + step * i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        putLong(block + 8L * i, from.readLong(source + step * i));
      }
    }
  }

  private static void storeFloats(long block, DType to, long target, long step, int count) {
    if (to == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        putFloat(target + step * i, getFloat(block + 4L * i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.writeDouble(target + step * i, getFloat(block + 4L * i));
      }
    }
  }

  private static void storeDoubles(long block, DType to, long target, long step, int count) {
    if (to == DType.FLOAT64) {
      for (int i = 0; i < count; i++) {
        putDouble(target + step * i, getDouble(block + 8L * i));
      }
    } else if (to == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        putFloat(target + step * i, (float) getDouble(block + 8L * i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.writeDouble(target + step * i, getDouble(block + 8L * i));
      }
    }
  }

  private static void storeLongs(long block, DType to, long target, long step, int count) {
    if (to == DType.INT64) {
      for (int i = 0; i < count; i++) {
        putLong(target + step * i, getLong(block + 8L * i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        to.writeLong(target + step * i, getLong(block + 8L * i));
      }
    }
  }
}
