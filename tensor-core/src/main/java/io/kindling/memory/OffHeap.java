package io.kindling.memory;

import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import sun.misc.Unsafe;

/**
 * Raw access to memory outside the heap, by address. The only class that touches {@code Unsafe}: on
 * Java 17 nothing else gives plain loops over off-heap floats at memory speed. Nothing here checks
 * bounds; callers pass addresses of checked tensors only.
 */
public final class OffHeap {
  private static final Unsafe UNSAFE = unsafe();
  private static final long BUFFER_ADDRESS = bufferAddress();

  private OffHeap() {}

  public static byte getByte(long address) {
    return UNSAFE.getByte(address);
  }

  public static void putByte(long address, byte value) {
    UNSAFE.putByte(address, value);
  }

  public static short getShort(long address) {
    return UNSAFE.getShort(address);
  }

  public static void putShort(long address, short value) {
    UNSAFE.putShort(address, value);
  }

  public static int getInt(long address) {
    return UNSAFE.getInt(address);
  }

  public static void putInt(long address, int value) {
    UNSAFE.putInt(address, value);
  }

  public static long getLong(long address) {
    return UNSAFE.getLong(address);
  }

  public static void putLong(long address, long value) {
    UNSAFE.putLong(address, value);
  }

  public static float getFloat(long address) {
    return UNSAFE.getFloat(address);
  }

  public static void putFloat(long address, float value) {
    UNSAFE.putFloat(address, value);
  }

  public static double getDouble(long address) {
    return UNSAFE.getDouble(address);
  }

  public static void putDouble(long address, double value) {
    UNSAFE.putDouble(address, value);
  }

  /** Copies {@code bytes} bytes; the ranges may overlap. */
  public static void copy(long source, long target, long bytes) {
    UNSAFE.copyMemory(source, target, bytes);
  }

  public static void copyFrom(float[] source, int from, long target, int count) {
    UNSAFE.copyMemory(source, Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * from, null, target, 4L * count);
  }

  public static void copyFrom(double[] source, int from, long target, int count) {
    UNSAFE.copyMemory(
        source, Unsafe.ARRAY_DOUBLE_BASE_OFFSET + 8L * from, null, target, 8L * count);
  }

  public static void copyFrom(long[] source, int from, long target, int count) {
    UNSAFE.copyMemory(source, Unsafe.ARRAY_LONG_BASE_OFFSET + 8L * from, null, target, 8L * count);
  }

  public static void copyFrom(int[] source, int from, long target, int count) {
    UNSAFE.copyMemory(source, Unsafe.ARRAY_INT_BASE_OFFSET + 4L * from, null, target, 4L * count);
  }

  public static void copyFrom(byte[] source, int from, long target, int count) {
    UNSAFE.copyMemory(source, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) from, null, target, count);
  }

  public static void copyTo(long source, float[] target, int from, int count) {
    UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * from, 4L * count);
  }

  public static void copyTo(long source, double[] target, int from, int count) {
    UNSAFE.copyMemory(
        null, source, target, Unsafe.ARRAY_DOUBLE_BASE_OFFSET + 8L * from, 8L * count);
  }

  public static void copyTo(long source, long[] target, int from, int count) {
    UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_LONG_BASE_OFFSET + 8L * from, 8L * count);
  }

  public static void copyTo(long source, int[] target, int from, int count) {
    UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_INT_BASE_OFFSET + 4L * from, 4L * count);
  }

  public static void copyTo(long source, byte[] target, int from, int count) {
    UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_BYTE_BASE_OFFSET + (long) from, count);
  }

  /** Copies bytes to the start of an array. */
  public static void copyTo(long source, long[] target, int bytes) {
    UNSAFE.copyMemory(null, source, target, Unsafe.ARRAY_LONG_BASE_OFFSET, bytes);
  }

  /** Copies bytes from the start of an array. */
  public static void copyFrom(long[] source, long target, int bytes) {
    UNSAFE.copyMemory(source, Unsafe.ARRAY_LONG_BASE_OFFSET, null, target, bytes);
  }

  /** Copies the bits of {@code count} floats, an even number, two to a long, to its start. */
  public static void copyBits(float[] source, int from, long[] target, int count) {
    long start = Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * from;
    UNSAFE.copyMemory(source, start, target, Unsafe.ARRAY_LONG_BASE_OFFSET, 4L * count);
  }

  /** Copies the bits of {@code count} floats, an even number, from a start where two are a long. */
  public static void copyBits(long[] source, float[] target, int to, int count) {
    long start = Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * to;
    UNSAFE.copyMemory(source, Unsafe.ARRAY_LONG_BASE_OFFSET, target, start, 4L * count);
  }

  /** Copies the bits of {@code count} ints, an even number, two to a long, to its start. */
  public static void copyBits(int[] source, int from, long[] target, int count) {
    long start = Unsafe.ARRAY_INT_BASE_OFFSET + 4L * from;
    UNSAFE.copyMemory(source, start, target, Unsafe.ARRAY_LONG_BASE_OFFSET, 4L * count);
  }

  /** Copies {@code count} ints, an even number, from a start where two are a long. */
  public static void copyBits(long[] source, int[] target, int to, int count) {
    long start = Unsafe.ARRAY_INT_BASE_OFFSET + 4L * to;
    UNSAFE.copyMemory(source, Unsafe.ARRAY_LONG_BASE_OFFSET, target, start, 4L * count);
  }

  /** Copies the bits of {@code count} floats. */
  public static void copyBits(float[] source, int from, int[] target, int to, int count) {
    long start = Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * from;
    UNSAFE.copyMemory(source, start, target, Unsafe.ARRAY_INT_BASE_OFFSET + 4L * to, 4L * count);
  }

  /** Copies {@code count} ints as the bits of floats. */
  public static void copyBits(int[] source, int from, float[] target, int to, int count) {
    long start = Unsafe.ARRAY_INT_BASE_OFFSET + 4L * from;
    UNSAFE.copyMemory(source, start, target, Unsafe.ARRAY_FLOAT_BASE_OFFSET + 4L * to, 4L * count);
  }

  public static void zero(long address, long bytes) {
    UNSAFE.setMemory(address, bytes, (byte) 0);
  }

  static void fill(long address, long bytes, byte value) {
    UNSAFE.setMemory(address, bytes, value);
  }

  static long allocate(long bytes) {
    return UNSAFE.allocateMemory(bytes);
  }

  static void free(long address) {
    UNSAFE.freeMemory(address);
  }

  /** Where a direct buffer's memory starts. */
  static long address(ByteBuffer direct) {
    return UNSAFE.getLong(direct, BUFFER_ADDRESS);
  }

  static void unmap(MappedByteBuffer buffer) {
    UNSAFE.invokeCleaner(buffer);
  }

  @SuppressWarnings("deprecation") // deprecated for hidden classes and records, which Buffer is not
  private static long bufferAddress() {
    try {
      return UNSAFE.objectFieldOffset(Buffer.class.getDeclaredField("address"));
    } catch (NoSuchFieldException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static Unsafe unsafe() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return (Unsafe) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
