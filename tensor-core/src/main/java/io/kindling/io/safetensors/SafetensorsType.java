package io.kindling.io.safetensors;

import io.kindling.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** The format's names of element types, in the order in which its writer lays tensors out. */
enum SafetensorsType {
  I64(DType.INT64),
  F64(DType.FLOAT64),
  F32(DType.FLOAT32),
  I32(DType.INT32),
  BF16(DType.BFLOAT16),
  F16(DType.FLOAT16),
  I16(DType.INT16),
  I8(DType.INT8),
  U8(DType.UINT8),
  BOOL(DType.BOOL);

  private final DType dtype;

  SafetensorsType(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  static SafetensorsType of(DType dtype) {
    for (SafetensorsType type : values()) {
      if (type.dtype == dtype) {
        return type;
      }
    }
    throw new IllegalStateException("the format has no name for " + dtype);
  }

  /** The type of that name, or null. */
  static SafetensorsType named(String name) {
    for (SafetensorsType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (SafetensorsType type : values()) {
      names.add(type.name());
    }
    return names;
  }
}
