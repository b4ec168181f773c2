package io.kindling.op.linalg;

import io.kindling.DTypeException;
import io.kindling.LinAlgException;
import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** An operation on matrices {@code (..., M, N)}, the last two dimensions of its inputs. */
interface LinalgOp extends Op {
  @Override
  default CastPolicy castPolicy() {
    return CastPolicy.FLOAT32;
  }

  @Override
  default String name() {
    return "linalg." + Op.super.name();
  }

  /** The shape of an input of matrices of float32 or float64. */
  default Shape matrixShape(Tensor input) {
    Shape shape = input.shape();
    if (input.dtype() != DType.FLOAT32 && input.dtype() != DType.FLOAT64) {
      throw new DTypeException(
          name() + ": expected float32 or float64, got " + input.dtype() + "; convert with to()");
    }
    if (shape.rank() < 2) {
      throw new ShapeException(
          name()
              + ": expected matrices (..., M, N), got "
              + shape
              + "; add dimensions with unsqueeze()");
    }
    return shape;
  }

  /** The shape of an input of square matrices of float32 or float64. */
  default Shape squareShape(Tensor input) {
    Shape shape = matrixShape(input);
    if (shape.size(-1) != shape.size(-2)) {
      throw new ShapeException(name() + ": the matrices must be square (..., N, N), got " + shape);
    }
    return shape;
  }

  /** Fails unless both inputs have one type. */
  default void checkSameType(Tensor a, Tensor b) {
    if (a.dtype() != b.dtype()) {
      throw new DTypeException(
          name()
              + ": the inputs have types "
              + a.dtype()
              + " and "
              + b.dtype()
              + "; convert one with to()");
    }
  }

  /** The broadcast leading dimensions of two inputs of matrices. */
  default Shape batch(Shape a, Shape b) {
    Shape batch = Shape.broadcast(batch(a), batch(b));
    if (batch == null) {
      throw new ShapeException(
          name() + ": the leading dimensions of " + a + " and " + b + " do not broadcast");
    }
    return batch;
  }

  /**
   * The shape rule of the solution of A X = B, for {@code A (..., N, N)} and {@code B (..., N, K)}.
   */
  default Spec[] solution(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape a = squareShape(inputs[0]);
    Shape b = matrixShape(inputs[1]);
    checkSameType(inputs[0], inputs[1]);
    if (a.size(-1) != b.size(-2)) {
      throw misfit(a, b, "(..., N, N) and (..., N, K)");
    }
    return Op.one(Spec.of(LinalgOp.join(batch(a, b), b.size(-2), b.size(-1)), inputs[0].dtype()));
  }

  /** What two shapes that do not belong together are answered with. */
  default ShapeException misfit(Shape a, Shape b, String expected) {
    return new ShapeException(
        name() + ": shapes " + a + " and " + b + " do not fit; expected " + expected);
  }

  /** The leading dimensions of matrices. */
  static Shape batch(Shape matrices) {
    return matrices.without(-1).without(-1);
  }

  /** Leading dimensions followed by those of a part. */
  static Shape join(Shape batch, long... inner) {
    long[] sizes = java.util.Arrays.copyOf(batch.toArray(), batch.rank() + inner.length);
    System.arraycopy(inner, 0, sizes, batch.rank(), inner.length);
    return Shape.of(sizes);
  }

  /** For matrices that iterations would not converge on. */
  default LinAlgException notFinite(String place) {
    return new LinAlgException(
        name() + ": the matrix" + place + " has values that are NaN or infinite");
  }
}
