package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;
import static io.kindling.backend.cpu.MatrixLoop.Parts.numbers;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.CastPolicy;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Linalg;
import io.kindling.tensor.Tensor;

/**
 * The signs {@code (...)} of the determinants of matrices {@code (..., N, N)}, and the logarithms
 * of their absolute values; 0 and minus infinity where a matrix is singular.
 */
public record Slogdet() implements LinalgOp {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.NONE;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Spec number = Spec.of(LinalgOp.batch(squareShape(inputs[0])), inputs[0].dtype());
    return new Spec[] {number, number};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        outputs[0].shape(),
        (place, m) -> {
          Lapack.Lu lu = Lapack.lu(m[0].rows(), m[0].read());
          double sign = 1;
          double log = 0;
          for (int i = 0; i < lu.n(); i++) {
            double pivot = lu.factors()[i + i * lu.n()];
            sign *= Math.signum(lu.pivots()[i] == i + 1 ? pivot : -pivot);
            log += Math.log(Math.abs(pivot));
          }
          m[1].set(Double.isNaN(sign) ? 0 : sign);
          m[2].set(log);
        },
        matrices(inputs[0]),
        numbers(outputs[0]),
        numbers(outputs[1]));
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  /** The sign does not move. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    if (gradients[1] == null) {
      return new Tensor[] {Tensor.zerosLike(context.input(0))};
    }
    Tensor g = gradients[1].unsqueeze(-1).unsqueeze(-1);
    return new Tensor[] {Linalg.inv(context.input(0)).mT().mul(g)};
  }
}
