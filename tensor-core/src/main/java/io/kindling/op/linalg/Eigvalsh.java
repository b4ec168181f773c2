package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;
import static io.kindling.backend.cpu.MatrixLoop.Parts.vectors;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * The eigenvalues {@code (..., N)} of symmetric matrices {@code (..., N, N)}, the smallest first.
 *
 * @param upper which triangle of A is read
 */
public record Eigvalsh(boolean upper) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    return Op.one(Spec.of(squareShape(inputs[0]).without(-1), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(inputs[0].shape()),
        (place, m) -> {
          double[] a = m[0].read();
          if (Matrix.isFinite(a)) {
            m[1].write(Lapack.eigh(m[0].rows(), upper, a, name()));
          } else {
            m[1].fill(Double.NaN);
          }
        },
        matrices(inputs[0]),
        vectors(outputs[0]));
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor vectors = Dispatch.runAll(new Eigh(upper), context.input(0))[1];
    return new Tensor[] {vectors.mul(gradients[0].unsqueeze(-2)).matmul(vectors.mT())};
  }
}
