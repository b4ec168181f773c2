package io.kindling.backend.cpu;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getInt;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putByte;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putInt;
import static io.kindling.memory.OffHeap.putShort;

import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Tensor;

/**
 * Moves elements between strided memory of any type and arrays of float, double, long or, for the
 * bits of float32, int. Strides are in elements; 0 repeats one.
 *
 * <p>Loops calculate on arrays because the compiler (JDK 17) makes vector instructions of loops
 * over arrays and never of loops over raw memory; a copy in and out of the first-level cache costs
 * 0.02 ns an element.
 */
final class Blocks {
  /**
   * How many elements a loop over large tensors takes at a time. Few, so that reading one operand
   * overlaps the others in memory far from the processor: adding 4 Mi floats took twice as long
   * with 2,048.
   */
  static final int SIZE = 512;

  /**
   * Up to so many elements a few operands fit the second-level cache, and longer blocks cost less.
   */
  private static final int NEAR = 1 << 17;

  /** A loop that sees many short arrays is not vectorised, so long ones are filled by copying. */
  private static final int REPEATED_FROM = 16;

  private Blocks() {}

  /** How many of so many elements to take at a time. */
  static int size(long total) {
    return total <= NEAR ? Operands.LENGTH : SIZE;
  }

  static void load(DType from, long source, long stride, float[] to, int at, int count) {
    long step = stride * from.bytes();
    int end = at + count;
    if (count == 0) {
      return;
    }
    if (step == 0 || count == 1) {
      fill(to, at, count, (float) from.readDouble(source));
      return;
    }
    long address = source - at * step;
    boolean packed = stride == 1 && count >= Operands.FEWEST;
    switch (from) {
      case FLOAT32 -> {
        if (stride == 1) {
          OffHeap.copyTo(source, to, at, count);
        } else {
          for (int i = at; i < end; i++) {
            to[i] = getFloat(address + step * i);
          }
        }
      }
      case FLOAT64 -> {
        for (int i = at; i < end; i++) {
          to[i] = (float) getDouble(address + step * i);
        }
      }
      case BFLOAT16 -> {
        if (packed) {
          Bfloat16Blocks.load(source, to, at, count);
        } else {
          for (int i = at; i < end; i++) {
            to[i] = HalfPrecision.bfloat16ToFloat(getShort(address + step * i));
          }
        }
      }
      case FLOAT16 -> {
        if (packed) {
          Float16Blocks.load(source, to, at, count);
        } else {
          for (int i = at; i < end; i++) {
            to[i] = HalfPrecision.float16ToFloat(getShort(address + step * i));
          }
        }
      }
      case BOOL -> {
        if (packed) {
          BooleanBlocks.load(source, to, at, count);
        } else {
          for (int i = at; i < end; i++) {
            to[i] = BooleanBlocks.isSet(address + step * i);
          }
        }
      }
      case INT64, INT32, INT16, INT8, UINT8 -> {
        long[] wide = Operands.ofThread().wide();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          IntegerBlocks.load(from, source + done * step, step, wide, 0, some);
          convert(wide, to, at + done, some);
        }
      }
    }
  }

  static void store(float[] from, int at, DType to, long target, long stride, int count) {
    long step = stride * to.bytes();
    int end = at + count;
    long address = target - at * step;
    boolean packed = stride == 1 && count >= Operands.FEWEST;
    switch (to) {
      case FLOAT32 -> {
        if (stride == 1) {
          OffHeap.copyFrom(from, at, target, count);
        } else {
          for (int i = at; i < end; i++) {
            putFloat(address + step * i, from[i]);
          }
        }
      }
      case FLOAT64 -> {
        for (int i = at; i < end; i++) {
          putDouble(address + step * i, from[i]);
        }
      }
      case BFLOAT16 -> {
        if (packed) {
          Bfloat16Blocks.store(from, at, target, count);
        } else {
          for (int i = at; i < end; i++) {
            putShort(address + step * i, HalfPrecision.floatToBfloat16(from[i]));
          }
        }
      }
      case FLOAT16 -> {
        if (packed) {
          Float16Blocks.store(from, at, target, count);
        } else {
          for (int i = at; i < end; i++) {
            putShort(address + step * i, HalfPrecision.floatToFloat16(from[i]));
          }
        }
      }
      case BOOL -> {
        if (packed) {
          BooleanBlocks.store(from, at, target, count);
        } else {
          for (int i = at; i < end; i++) {
            putByte(address + step * i, BooleanBlocks.isNotZero(from[i]));
          }
        }
      }
      case INT64, INT32, INT16, INT8, UINT8 -> {
        long[] wide = Operands.ofThread().wide();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          truncate(from, at + done, wide, some);
          IntegerBlocks.store(wide, 0, to, target + done * step, step, some);
        }
      }
    }
  }

  static void load(DType from, long source, long stride, double[] to, int at, int count) {
    long step = stride * from.bytes();
    int end = at + count;
    if (count == 0) {
      return;
    }
    if (step == 0 || count == 1) {
      fill(to, at, count, from.readDouble(source));
      return;
    }
    long address = source - at * step;
    switch (from) {
      case FLOAT64 -> {
        if (stride == 1) {
          OffHeap.copyTo(source, to, at, count);
        } else {
          for (int i = at; i < end; i++) {
            to[i] = getDouble(address + step * i);
          }
        }
      }
      case FLOAT32 -> {
        for (int i = at; i < end; i++) {
          to[i] = getFloat(address + step * i);
        }
      }
      case FLOAT16, BFLOAT16 -> {
        float[] between = Operands.ofThread().between();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          load(from, source + done * step, stride, between, 0, some);
          convert(between, to, at + done, some);
        }
      }
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> {
        long[] wide = Operands.ofThread().wide();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          IntegerBlocks.load(from, source + done * step, step, wide, 0, some);
          convert(wide, to, at + done, some);
        }
      }
    }
  }

  static void store(double[] from, int at, DType to, long target, long stride, int count) {
    long step = stride * to.bytes();
    int end = at + count;
    long address = target - at * step;
    switch (to) {
      case FLOAT64 -> {
        if (stride == 1) {
          OffHeap.copyFrom(from, at, target, count);
        } else {
          for (int i = at; i < end; i++) {
            putDouble(address + step * i, from[i]);
          }
        }
      }
      case FLOAT32 -> {
        for (int i = at; i < end; i++) {
          putFloat(address + step * i, (float) from[i]);
        }
      }
      case BOOL -> {
        for (int i = at; i < end; i++) {
          putByte(address + step * i, BooleanBlocks.isNotZero(from[i]));
        }
      }
      case FLOAT16, BFLOAT16 -> {
        float[] between = Operands.ofThread().between();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          convert(from, at + done, between, some);
          store(between, 0, to, target + done * step, stride, some);
        }
      }
      case INT64, INT32, INT16, INT8, UINT8 -> {
        long[] wide = Operands.ofThread().wide();
        for (int done = 0; done < count; done += Operands.LENGTH) {
          int some = Math.min(Operands.LENGTH, count - done);
          truncate(from, at + done, wide, some);
          IntegerBlocks.store(wide, 0, to, target + done * step, step, some);
        }
      }
    }
  }

  static void load(DType from, long source, long stride, long[] to, int at, int count) {
    long step = stride * from.bytes();
    if (count == 0) {
      return;
    }
    if (step == 0 || count == 1) {
      fill(to, at, count, from.readLong(source));
      return;
    }
    if (!from.isFloatingPoint()) {
      IntegerBlocks.load(from, source, step, to, at, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[at + i] = from.readLong(source + step * i);
    }
  }

  static void store(long[] from, int at, DType to, long target, long stride, int count) {
    long step = stride * to.bytes();
    if (!to.isFloatingPoint()) {
      IntegerBlocks.store(from, at, to, target, step, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to.writeLong(target + step * i, from[at + i]);
    }
  }

  /** Reads booleans as 0 and 1, and the bits of other types' values as float32. */
  static void load(DType from, long source, long stride, int[] to, int at, int count) {
    long step = stride * from.bytes();
    if (count == 0) {
      return;
    }
    if (step == 0 || count == 1) {
      int value =
          from == DType.BOOL
              ? BooleanBlocks.isSet(source)
              : Float.floatToRawIntBits((float) from.readDouble(source));
      fill(to, at, count, value);
    } else if (from == DType.BOOL && stride == 1 && count >= Operands.FEWEST) {
      BooleanBlocks.load(source, to, at, count);
    } else if (from == DType.BOOL) {
      for (int i = 0; i < count; i++) {
        to[at + i] = BooleanBlocks.isSet(source + step * i);
      }
    } else if (from == DType.FLOAT32 && stride == 1) {
      OffHeap.copyTo(source, to, at, count);
    } else if (from == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        to[at + i] = getInt(source + step * i);
      }
    } else {
      float[] passing = Operands.ofThread().passing();
      for (int done = 0; done < count; done += Operands.LENGTH) {
        int some = Math.min(Operands.LENGTH, count - done);
        load(from, source + done * step, stride, passing, 0, some);
        OffHeap.copyBits(passing, 0, to, at + done, some);
      }
    }
  }

  /** Writes booleans, which differ from 0 if true, and the values of float32's bits otherwise. */
  static void store(int[] from, int at, DType to, long target, long stride, int count) {
    long step = stride * to.bytes();
    if (to == DType.BOOL && stride == 1 && count >= Operands.FEWEST) {
      BooleanBlocks.store(from, at, target, count);
    } else if (to == DType.BOOL) {
      for (int i = 0; i < count; i++) {
        putByte(target + step * i, BooleanBlocks.isNotZero(from[at + i]));
      }
    } else if (to == DType.FLOAT32 && stride == 1) {
      OffHeap.copyFrom(from, at, target, count);
    } else if (to == DType.FLOAT32) {
      for (int i = 0; i < count; i++) {
        putInt(target + step * i, from[at + i]);
      }
    } else {
      float[] passing = Operands.ofThread().passing();
      for (int done = 0; done < count; done += Operands.LENGTH) {
        int some = Math.min(Operands.LENGTH, count - done);
        OffHeap.copyBits(from, at + done, passing, 0, some);
        store(passing, 0, to, target + done * step, stride, some);
      }
    }
  }

  private static void convert(long[] from, float[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = (float) (double) from[i];
    }
  }

  private static void convert(long[] from, double[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i];
    }
  }

  private static void convert(float[] from, double[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[i];
    }
  }

  private static void convert(double[] from, int at, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (float) from[at + i];
    }
  }

  private static void truncate(float[] from, int at, long[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (long) from[at + i];
    }
  }

  private static void truncate(double[] from, int at, long[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = (long) from[at + i];
    }
  }

  private static void fill(float[] to, int at, int count, float value) {
    int first = Math.min(count, REPEATED_FROM);
    for (int i = 0; i < first; i++) {
      to[at + i] = value;
    }
    repeat(to, at, first, count);
  }

  private static void fill(double[] to, int at, int count, double value) {
    int first = Math.min(count, REPEATED_FROM);
    for (int i = 0; i < first; i++) {
      to[at + i] = value;
    }
    repeat(to, at, first, count);
  }

  private static void fill(long[] to, int at, int count, long value) {
    int first = Math.min(count, REPEATED_FROM);
    for (int i = 0; i < first; i++) {
      to[at + i] = value;
    }
    repeat(to, at, first, count);
  }

  private static void fill(int[] to, int at, int count, int value) {
    int first = Math.min(count, REPEATED_FROM);
    for (int i = 0; i < first; i++) {
      to[at + i] = value;
    }
    repeat(to, at, first, count);
  }

  /** Repeats the {@code length} elements of an array from {@code at} on until there are more. */
  static void repeat(Object array, int at, int length, int total) {
    for (int done = length; done < total; ) {
      int more = Math.min(done, total - done);
      System.arraycopy(array, at, array, at + done, more);
      done += more;
    }
  }

  /** The elements of a tensor with one dimension. */
  static double[] vector(Tensor tensor) {
    double[] values = new double[ArrayLength.of(tensor.numel())];
    load(tensor.dtype(), tensor.address(), tensor.stride(0), values, 0, values.length);
    return values;
  }
}
