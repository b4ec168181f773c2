package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;
import static io.kindling.backend.cpu.MatrixLoop.Parts.vectors;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * {@code A = V diag(L) V^T} of symmetric matrices {@code (..., N, N)}: the eigenvalues L from the
 * smallest to the largest, V's columns orthonormal. The sign of each eigenvector is arbitrary. NaN
 * throughout where a matrix has values that are not finite, as in PyTorch.
 *
 * @param upper which triangle of A is read
 */
public record Eigh(boolean upper) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape a = squareShape(inputs[0]);
    return new Spec[] {Spec.of(a.without(-1), inputs[0].dtype()), Spec.of(a, inputs[0].dtype())};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(inputs[0].shape()),
        (place, m) -> {
          double[] a = m[0].read();
          if (!Matrix.isFinite(a)) {
            m[1].fill(Double.NaN);
            m[2].fill(Double.NaN);
            return;
          }
          m[1].write(Lapack.eigh(m[0].rows(), upper, a, name()));
          m[2].write(a);
        },
        matrices(inputs[0]),
        vectors(outputs[0]),
        matrices(outputs[1]));
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** From {@code V^T dV = F o (V^T dA V)} with {@code F_ij = 1 / (l_j - l_i)}. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor values = context.output(0);
    Tensor vectors = context.output(1);
    Tensor gL = gradients[0];
    Tensor gV = gradients[1];
    if (gV == null) {
      return new Tensor[] {vectors.mul(gL.unsqueeze(-2)).matmul(vectors.mT())};
    }
    Tensor eye = Tensor.eye(values.size(-1), values.size(-1), values.dtype());
    Tensor gaps = values.unsqueeze(-2).sub(values.unsqueeze(-1)).add(eye);
    Tensor turn = vectors.mT().matmul(gV);
    // Only what turns the vectors among themselves; the result is symmetric.
    Tensor core = turn.sub(turn.mT()).mul(0.5).div(gaps);
    Tensor whole = gL == null ? core : core.add(eye.mul(gL.unsqueeze(-1)));
    return new Tensor[] {vectors.matmul(whole).matmul(vectors.mT())};
  }
}
