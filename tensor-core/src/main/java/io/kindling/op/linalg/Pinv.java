package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The pseudoinverses {@code (..., N, M)} of matrices {@code (..., M, N)}, after Moore and Penrose.
 * Singular values up to {@code max(atol, rtol * the largest)} count as 0.
 */
public record Pinv(double atol, double rtol) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape a = matrixShape(inputs[0]);
    Shape result = LinalgOp.join(LinalgOp.batch(a), a.size(-1), a.size(-2));
    return Op.one(Spec.of(result, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(inputs[0].shape()),
        (place, m) -> {
          double[] a = m[0].read();
          if (!Matrix.isFinite(a)) {
            throw notFinite(place);
          }
          m[1].write(of(m[0].rows(), m[0].columns(), a));
        },
        matrices(inputs[0]),
        matrices(outputs[0]));
  }

  /** The sum of {@code v_k u_k^T / s_k}. */
  private double[] of(int rows, int columns, double[] a) {
    Lapack.Svd svd = Lapack.svd(rows, columns, a, false, name());
    double[] result = new double[rows * columns];
    double least = svd.s().length == 0 ? 0 : Math.max(atol, rtol * svd.s()[0]);
    for (int k = 0; k < svd.s().length && svd.s()[k] > least; k++) {
      for (int i = 0; i < rows; i++) {
        double scaled = svd.u()[i + k * rows] / svd.s()[k];
        for (int j = 0; j < columns; j++) {
          result[j + i * columns] += svd.vt()[k + j * svd.right()] * scaled;
        }
      }
    }
    return result;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** From {@code dP = -P dA P + P P^T dA^T (I - A P) + (I - P A) dA^T P^T P}. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor a = context.input(0);
    Tensor p = context.output(0);
    Tensor g = gradients[0];
    Tensor transposed = p.mT();
    Tensor inside = transposed.matmul(g).matmul(transposed).neg();
    Tensor left = g.mT().matmul(p).matmul(transposed);
    Tensor right = transposed.matmul(p).matmul(g.mT());
    Tensor gA =
        inside.add(left.sub(a.matmul(p).matmul(left))).add(right.sub(right.matmul(p).matmul(a)));
    return new Tensor[] {gA};
  }
}
