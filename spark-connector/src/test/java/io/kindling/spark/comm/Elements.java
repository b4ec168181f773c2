package io.kindling.spark.comm;

import io.kindling.distributed.ReduceOp;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;

/** Off-heap elements of one rank, and the result that the documented order of reduction gives. */
final class Elements implements AutoCloseable {
  private final DType dtype;
  private final int count;
  private final ByteBuf memory;

  private Elements(DType dtype, int count) {
    this.dtype = dtype;
    this.count = count;
    this.memory = Unpooled.directBuffer(Math.max(1, count * dtype.bytes()));
  }

  /** Random elements whose sum depends on the order of addition. */
  static Elements random(DType dtype, int count, int rank) {
    Elements elements = new Elements(dtype, count);
    Random random = new Random(31L * rank + count);
    for (int i = 0; i < count; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(7) - 3);
      elements.dtype.writeDouble(elements.at(i), value * 1000);
    }
    return elements;
  }

  static Elements zeros(DType dtype, int count) {
    Elements elements = new Elements(dtype, count);
    OffHeap.zero(elements.address(), (long) count * dtype.bytes());
    return elements;
  }

  long address() {
    return memory.memoryAddress();
  }

  int count() {
    return count;
  }

  /** The bits of all elements. */
  long[] bits() {
    long[] bits = new long[count];
    for (int i = 0; i < count; i++) {
      bits[i] = bits(dtype, at(i));
    }
    return bits;
  }

  /** The bits of the reduction over {@code size} ranks' {@link #random} elements. */
  static long[] reduced(DType dtype, ReduceOp op, int count, int size) {
    Elements[] inputs = new Elements[size];
    for (int rank = 0; rank < size; rank++) {
      inputs[rank] = random(dtype, count, rank);
    }
    long[] bits = new long[count];
    for (int owner = 0; owner < size; owner++) {
      long start = (long) owner * count / size;
      long end = (long) (owner + 1) * count / size;
      for (int i = (int) start; i < end; i++) {
        bits[i] = bits(dtype, fold(inputs, op, (owner + 1) % size, i));
      }
    }
    for (Elements input : inputs) {
      input.close();
    }
    return bits;
  }

  /** Element i of rank {@code first}, combined with that of the ranks after it, one by one. */
  private static long fold(Elements[] inputs, ReduceOp op, int first, int i) {
    Elements accumulator = inputs[first];
    long target = accumulator.at(i);
    for (int step = 1; step < inputs.length; step++) {
      long other = inputs[(first + step) % inputs.length].at(i);
      switch (accumulator.dtype) {
        case FLOAT32 -> {
          float a = OffHeap.getFloat(target);
          float b = OffHeap.getFloat(other);
          OffHeap.putFloat(
              target,
              switch (op) {
                case SUM -> a + b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
              });
        }
        case FLOAT64 -> {
          double a = OffHeap.getDouble(target);
          double b = OffHeap.getDouble(other);
          OffHeap.putDouble(
              target,
              switch (op) {
                case SUM -> a + b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
              });
        }
        case INT64 -> {
          long a = OffHeap.getLong(target);
          long b = OffHeap.getLong(other);
          OffHeap.putLong(
              target,
              switch (op) {
                case SUM -> a + b;
                case MAX -> Math.max(a, b);
                case MIN -> Math.min(a, b);
              });
        }
        case FLOAT16, BFLOAT16, INT32, INT16, INT8, UINT8, BOOL ->
            throw new IllegalArgumentException("no reduction of " + accumulator.dtype);
      }
    }
    return target;
  }

  private long at(int index) {
    return address() + (long) index * dtype.bytes();
  }

  private static long bits(DType dtype, long address) {
    return dtype.bytes() == 4 ? OffHeap.getInt(address) : OffHeap.getLong(address);
  }

  @Override
  public void close() {
    memory.release();
  }
}
