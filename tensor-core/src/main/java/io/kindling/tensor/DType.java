package io.kindling.tensor;

import static io.kindling.memory.OffHeap.getByte;
import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.getInt;
import static io.kindling.memory.OffHeap.getLong;
import static io.kindling.memory.OffHeap.getShort;
import static io.kindling.memory.OffHeap.putByte;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;
import static io.kindling.memory.OffHeap.putInt;
import static io.kindling.memory.OffHeap.putLong;
import static io.kindling.memory.OffHeap.putShort;

import io.kindling.DTypeException;
import java.util.Locale;

/** Element types, with PyTorch's names and promotion rules. */
public enum DType {
  FLOAT32(4, Kind.FLOATING),
  FLOAT64(8, Kind.FLOATING),
  FLOAT16(2, Kind.FLOATING),
  BFLOAT16(2, Kind.FLOATING),
  INT64(8, Kind.INTEGRAL),
  INT32(4, Kind.INTEGRAL),
  INT16(2, Kind.INTEGRAL),
  INT8(1, Kind.INTEGRAL),
  UINT8(1, Kind.INTEGRAL),
  BOOL(1, Kind.BOOLEAN);

  /** Promotion goes from an earlier kind to a later one. */
  public enum Kind {
    BOOLEAN,
    INTEGRAL,
    FLOATING
  }

  private static volatile DType defaultFloating = FLOAT32;

  private final int bytes;
  private final Kind kind;

  DType(int bytes, Kind kind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The floating type of new tensors, and of what integers become where fractions are needed. */
  public static DType defaultFloating() {
    return defaultFloating;
  }

  /** Sets the default floating type, float32 at first, of all threads. */
  public static void setDefaultDtype(DType dtype) {
    if (!dtype.isFloatingPoint()) {
      throw new DTypeException("setDefaultDtype: expected a floating type, got " + dtype);
    }
    defaultFloating = dtype;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** How many whole elements {@code size} bytes hold. */
  public long countIn(long size) {
    return size >> Integer.numberOfTrailingZeros(bytes); // sizes are powers of two; no division
  }

  public Kind kind() {
    return kind;
  }

  public boolean isFloatingPoint() {
    return kind == Kind.FLOATING;
  }

  /** PyTorch's name, such as {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The type named as {@link #toString} names it. */
  public static DType parse(String name) {
    for (DType type : values()) {
      if (type.toString().equals(name)) {
        return type;
      }
    }
    throw new DTypeException(
        "'"
            + name
            + "' is no element type; use one of float32, float64, float16, bfloat16, int64,"
            + " int32, int16, int8, uint8, bool");
  }

  /** The type that holds values of both, by PyTorch's rules for tensors of the same category. */
  public static DType promote(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (a.kind != b.kind) {
      return a.kind.compareTo(b.kind) > 0 ? a : b;
    }
    if (a.kind == Kind.FLOATING) {
      if (a.bytes != b.bytes) {
        return a.bytes > b.bytes ? a : b;
      }
      return FLOAT32; // float16 with bfloat16: neither holds the other
    }
    if (a == UINT8 || b == UINT8) {
      DType other = a == UINT8 ? b : a;
      return other == INT8 ? INT16 : other;
    }
    return a.bytes > b.bytes ? a : b;
  }

  /** Whether PyTorch lets an in-place operation store a result of this type into {@code target}. */
  public boolean canCastTo(DType target) {
    return kind.compareTo(target.kind) <= 0;
  }

  /** The type that plain-Java kernels calculate in: float32, float64 or int64. */
  public DType compute() {
    return switch (this) {
      case FLOAT64 -> FLOAT64;
      case FLOAT32, FLOAT16, BFLOAT16 -> FLOAT32;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> INT64;
    };
  }

  /** The element at {@code address} as a double. */
  public double readDouble(long address) {
    return switch (this) {
      case FLOAT32 -> getFloat(address);
      case FLOAT64 -> getDouble(address);
      case FLOAT16 -> HalfPrecision.float16ToFloat(getShort(address));
      case BFLOAT16 -> HalfPrecision.bfloat16ToFloat(getShort(address));
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> (double) readLong(address);
    };
  }

  /** The element at {@code address} as a long, truncated towards zero. */
  public long readLong(long address) {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> (long) readDouble(address);
      case INT64 -> getLong(address);
      case INT32 -> getInt(address);
      case INT16 -> getShort(address);
      case INT8 -> getByte(address);
      case UINT8 -> getByte(address) & 0xff;
      case BOOL -> getByte(address) == 0 ? 0 : 1;
    };
  }

  /** Stores {@code value} at {@code address}, rounded to this type. */
  public void writeDouble(long address, double value) {
    switch (this) {
      case FLOAT32 -> putFloat(address, (float) value);
      case FLOAT64 -> putDouble(address, value);
      case FLOAT16 -> putShort(address, HalfPrecision.floatToFloat16((float) value));
      case BFLOAT16 -> putShort(address, HalfPrecision.floatToBfloat16((float) value));
      case BOOL -> putByte(address, (byte) (value != 0 ? 1 : 0));
      case INT64, INT32, INT16, INT8, UINT8 -> writeLong(address, (long) value);
    }
  }

  /** Stores {@code value} at {@code address}; integers keep their low bits. */
  public void writeLong(long address, long value) {
    switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> writeDouble(address, (double) value);
      case INT64 -> putLong(address, value);
      case INT32 -> putInt(address, (int) value);
      case INT16 -> putShort(address, (short) value);
      case INT8, UINT8 -> putByte(address, (byte) value);
      case BOOL -> putByte(address, (byte) (value != 0 ? 1 : 0));
    }
  }
}
