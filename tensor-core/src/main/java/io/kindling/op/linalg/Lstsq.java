package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;
import static io.kindling.backend.cpu.MatrixLoop.Parts.numbers;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Linalg;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The X {@code (..., N, K)} that minimises {@code |A X - B|}, the smallest if there are several,
 * with {@code A (..., M, N)} and {@code B (..., M, K)}, and the rank {@code (...)} of A as int64;
 * leading dimensions broadcast.
 *
 * @param rcond columns that add less than this fraction count as dependent
 */
public record Lstsq(double rcond) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Shape a = matrixShape(inputs[0]);
    Shape b = matrixShape(inputs[1]);
    checkSameType(inputs[0], inputs[1]);
    if (a.size(-2) != b.size(-2)) {
      throw misfit(a, b, "(..., M, N) and (..., M, K)");
    }
    Shape batch = batch(a, b);
    Shape x = LinalgOp.join(batch, a.size(-1), b.size(-1));
    return new Spec[] {Spec.of(x, inputs[0].dtype()), Spec.of(batch, DType.INT64)};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        outputs[1].shape(),
        (place, m) -> {
          int rank = solve(place, m[0], m[1], m[2]);
          m[3].dtype().writeLong(m[3].address(), rank);
        },
        matrices(inputs[0]),
        matrices(inputs[1]),
        matrices(outputs[0]),
        numbers(outputs[1]));
  }

  private int solve(String place, Matrix matrix, Matrix right, Matrix x) {
    if (matrix.rows() == 0 || matrix.columns() == 0 || right.columns() == 0) {
      x.fill(0);
      return 0;
    }
    int leading = Math.max(matrix.rows(), matrix.columns());
    double[] a = matrix.read();
    double[] b = right.read(leading);
    if (!Matrix.isFinite(a) || !Matrix.isFinite(b)) {
      throw notFinite(place);
    }
    int rank = Lapack.leastSquares(matrix.rows(), matrix.columns(), right.columns(), a, b, rcond);
    x.write(b, leading);
    return rank;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 0 || needed[0];
  }

  @Override
  public boolean savesOutput(int index) {
    return index == 0;
  }

  /**
   * {@code X = P B} with the pseudoinverse P, of which {@code dP = -P dA P + P P^T dA^T (I - A P) +
   * (I - P A) dA^T P^T P}.
   */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor a = context.input(0);
    Tensor pinv = Linalg.pinv(a);
    Tensor gB = pinv.mT().matmul(g);
    if (!context.needs(0)) {
      return new Tensor[] {null, gB};
    }
    Tensor x = context.output(0);
    Tensor residual = context.input(1).sub(a.matmul(x));
    Tensor free = g.sub(pinv.matmul(a.matmul(g)));
    Tensor gA =
        residual
            .matmul(pinv.matmul(gB).mT())
            .sub(gB.matmul(x.mT()))
            .add(pinv.mT().matmul(x).matmul(free.mT()));
    return new Tensor[] {gA, gB};
  }
}
