package io.kindling.op.matmul;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.MatMulLoop;
import io.kindling.op.CastPolicy;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * {@code (..., M, K) x (..., K, N) -> (..., M, N)}; leading dimensions broadcast. Both inputs have
 * at least two dimensions ({@link Tensor#matmul} adds and removes them for vectors) and the same
 * type.
 */
public record MatMul() implements Op {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.LOWER_PRECISION;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape a = inputs[0].shape();
    Shape b = inputs[1].shape();
    DType dtype = inputs[0].dtype();
    if (dtype != inputs[1].dtype()) {
      throw new DTypeException(
          "matmul: the matrices have types "
              + dtype
              + " and "
              + inputs[1].dtype()
              + "; convert one with to()");
    }
    if (a.rank() < 2 || b.rank() < 2 || a.size(-1) != b.size(-2)) {
      throw new ShapeException(
          "matmul: shapes "
              + a
              + " and "
              + b
              + " do not fit; expected (..., M, K) and (..., K, N)");
    }
    Shape batch = Shape.broadcast(leading(a), leading(b));
    if (batch == null) {
      throw new ShapeException(
          "matmul: leading dimensions of " + a + " and " + b + " do not broadcast");
    }
    long[] sizes = java.util.Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[batch.rank()] = a.size(-2);
    sizes[batch.rank() + 1] = b.size(-1);
    return Op.one(Spec.of(Shape.of(sizes), dtype));
  }

  private static Shape leading(Shape shape) {
    return shape.without(-1).without(-1);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatMulLoop.run(inputs[0], inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    return new Tensor[] {
      context.needs(0) ? g.matmul(context.input(1).transpose(-2, -1)) : null,
      context.needs(1) ? context.input(0).transpose(-2, -1).matmul(g) : null
    };
  }
}
