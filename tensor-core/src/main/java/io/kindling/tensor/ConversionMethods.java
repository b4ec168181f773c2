package io.kindling.tensor;

import io.kindling.DeviceException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Copy;

/** To Java values, other types, devices and memory formats. */
interface ConversionMethods {
  /** The value of a tensor of one element. */
  default double item() {
    checkOneElement();
    return self().dtype().readDouble(self().address());
  }

  /** The value of a tensor of one element, as a long. */
  default long itemLong() {
    checkOneElement();
    return self().dtype().readLong(self().address());
  }

  /** All elements in row-major order, converted to float. */
  default float[] toFloatArray() {
    try (Tensor dense = dense(DType.FLOAT32)) {
      float[] values = new float[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  /** All elements in row-major order, converted to double. */
  default double[] toDoubleArray() {
    try (Tensor dense = dense(DType.FLOAT64)) {
      double[] values = new double[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  /** All elements in row-major order, converted to long. */
  default long[] toLongArray() {
    try (Tensor dense = dense(DType.INT64)) {
      long[] values = new long[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  /** This tensor if its elements already are in row-major order, else such a copy. */
  default Tensor contiguous() {
    return contiguous(MemoryFormat.CONTIGUOUS);
  }

  default Tensor contiguous(MemoryFormat format) {
    return self().layout().isContiguous(format)
        ? self()
        : Dispatch.run(new Copy(self().dtype(), format), self());
  }

  /** This tensor if it has the type already, else a converted copy. */
  default Tensor to(DType type) {
    return type == self().dtype() ? self() : Dispatch.run(new Copy(type, null), self());
  }

  /** This tensor if it is on the device already, else a copy there. */
  default Tensor to(Device target) {
    if (target.equals(self().device())) {
      return self();
    }
    throw new DeviceException(
        "to: there is no copy from "
            + self().device()
            + " to "
            + target
            + " on this machine; use device"
            + " 'cpu'");
  }

  default Tensor toFloat() {
    return to(DType.FLOAT32);
  }

  default Tensor toDouble() {
    return to(DType.FLOAT64);
  }

  default Tensor toLong() {
    return to(DType.INT64);
  }

  default Tensor toInt() {
    return to(DType.INT32);
  }

  default Tensor toShort() {
    return to(DType.INT16);
  }

  default Tensor half() {
    return to(DType.FLOAT16);
  }

  default Tensor bfloat16() {
    return to(DType.BFLOAT16);
  }

  default Tensor bool() {
    return to(DType.BOOL);
  }

  /** This tensor if it is in the machine's own memory, else a copy there. */
  default Tensor cpu() {
    return to(Device.CPU);
  }

  /** This tensor on the first GPU. */
  default Tensor cuda() {
    return cuda(0);
  }

  /** This tensor on a GPU. */
  default Tensor cuda(int index) {
    return to(Device.cuda(index));
  }

  private Tensor dense(DType type) {
    try (var off = Autograd.noGrad()) {
      return Scope.detach(Dispatch.run(new Copy(type, MemoryFormat.CONTIGUOUS), self()));
    }
  }

  private int arrayLength() {
    if (self().numel() > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          "a tensor of shape "
              + self().shape()
              + " has more elements than a Java array holds; take parts"
              + " of it with narrow()");
    }
    return (int) self().numel();
  }

  private void checkOneElement() {
    if (self().numel() != 1) {
      throw new ShapeException(
          "item: the tensor of shape "
              + self().shape()
              + " has "
              + self().numel()
              + " elements, not one");
    }
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
