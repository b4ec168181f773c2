package io.kindling.data.arrow;

import io.kindling.DTypeException;
import io.kindling.data.DataException;
import io.kindling.tensor.DType;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Which Arrow type has the same bytes as which element type. */
final class ElementTypes {
  private ElementTypes() {}

  /** The element type of a column of numbers, whose path messages name. */
  static DType of(String column, Field field) {
    ArrowType type = field.getType();
    for (DType dtype : DType.values()) {
      if (dtype != DType.BFLOAT16 && arrowType(dtype).equals(type)) {
        return dtype;
      }
    }
    throw new DataException(
        "Arrow column '"
            + column
            + "' has type "
            + type
            + ", which no tensor has; cast it to a float (16, 32 or 64 bit), an int (8 to 64 bit,"
            + " signed, or 8 bit unsigned), a bool, or a (fixed-size) list of one of them");
  }

  /** The Arrow type with the same values; for bool it has one bit a value instead of one byte. */
  static ArrowType arrowType(DType dtype) {
    return switch (dtype) {
      case FLOAT16 -> new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
      case FLOAT32 -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case FLOAT64 -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case INT8 -> new ArrowType.Int(8, true);
      case INT16 -> new ArrowType.Int(16, true);
      case INT32 -> new ArrowType.Int(32, true);
      case INT64 -> new ArrowType.Int(64, true);
      case UINT8 -> new ArrowType.Int(8, false);
      case BOOL -> ArrowType.Bool.INSTANCE;
      case BFLOAT16 ->
          throw new DTypeException(
              "Arrow has no bfloat16; convert the tensor with to(DType.FLOAT32) first");
    };
  }
}
