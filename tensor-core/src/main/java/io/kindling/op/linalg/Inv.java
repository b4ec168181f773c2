package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.LinAlgException;
import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/** The inverses of matrices {@code (..., N, N)}. */
public record Inv() implements LinalgOp {
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
          Lapack.Lu lu = Lapack.lu(m[0].rows(), m[0].read());
          if (lu.zero() > 0) {
            throw new LinAlgException(
                name()
                    + ": the matrix"
                    + place
                    + " is singular: pivot "
                    + lu.zero()
                    + " is 0, so it has no inverse; Linalg.pinv() has an answer for every matrix");
          }
          m[1].write(Lapack.inverse(lu));
        },
        matrices(inputs[0]),
        matrices(outputs[0]));
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** From {@code dA^-1 = -A^-1 dA A^-1}. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor transposed = context.output(0).mT();
    return new Tensor[] {transposed.matmul(gradients[0]).matmul(transposed).neg()};
  }
}
