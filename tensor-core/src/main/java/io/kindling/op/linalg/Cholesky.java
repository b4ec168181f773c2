package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.LinAlgException;
import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * The lower triangular L with {@code L L^T = A} for symmetric positive-definite {@code A (..., N,
 * N)}, or the upper triangular U with {@code U^T U = A}.
 *
 * @param upper whether U is wanted; then A's upper triangle is read, else its lower
 */
public record Cholesky(boolean upper) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    return Op.one(Spec.of(squareShape(inputs[0]), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(outputs[0].shape()),
        (place, m) -> {
          double[] a = m[0].read();
          int minor = Lapack.cholesky(m[0].rows(), upper, a);
          if (minor > 0) {
            throw new LinAlgException(
                name()
                    + ": the matrix"
                    + place
                    + " is not positive-definite: its leading minor of order "
                    + minor
                    + " is not; add a small multiple of the identity to it");
          }
          clear(m[0].rows(), a);
          m[1].write(a);
        },
        matrices(inputs[0]),
        matrices(outputs[0]));
  }

  /** The other triangle still holds what A had there. */
  private void clear(int n, double[] a) {
    for (int j = 0; j < n; j++) {
      for (int i = upper ? j + 1 : 0; i < (upper ? n : j); i++) {
        a[i + j * n] = 0;
      }
    }
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** {@code 1/2 L^-T (P + P^T) L^-1}, where P is the lower triangle of L^T gL, diagonal halved. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor lower = upper ? context.output(0).mT() : context.output(0);
    Tensor g = upper ? gradients[0].mT() : gradients[0];
    Tensor product = lower.mT().matmul(g);
    Tensor symmetric = product.tril().add(product.tril(-1).mT());
    Op solve = new SolveTriangular(true, false);
    Tensor left = Dispatch.run(solve, lower.mT(), symmetric);
    return new Tensor[] {Dispatch.run(solve, lower.mT(), left.mT()).mul(0.5)};
  }
}
