package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.LinAlgException;
import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * The solution X of {@code A X = B}, with {@code A (..., N, N)} and {@code B (..., N, K)}; leading
 * dimensions broadcast.
 */
public record Solve() implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    return solution(inputs);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(outputs[0].shape()),
        (place, m) -> {
          Lapack.Lu lu = Lapack.lu(m[0].rows(), m[0].read());
          if (lu.zero() > 0) {
            throw new LinAlgException(
                name()
                    + ": the matrix"
                    + place
                    + " is singular: pivot "
                    + lu.zero()
                    + " is 0; Linalg.lstsq() has an answer for every matrix");
          }
          double[] b = m[1].read();
          Lapack.solve(lu, m[1].columns(), b);
          m[2].write(b);
        },
        matrices(inputs[0]),
        matrices(inputs[1]),
        matrices(outputs[0]));
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 0;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** From {@code A dX + dA X = dB}. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor b = Dispatch.run(this, context.input(0).mT(), gradients[0]);
    Tensor a = context.needs(0) ? b.matmul(context.output(0).mT()).neg() : null;
    return new Tensor[] {a, b};
  }
}
