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
 * {@code A = U diag(S) Vh} of matrices {@code (..., M, N)}: U and Vh orthogonal, S from the largest
 * to the smallest. The sign of each pair of singular vectors is arbitrary.
 *
 * @param fullMatrices whether U is {@code (M, M)} and Vh {@code (N, N)}; else they are {@code (M,
 *     K)} and {@code (K, N)}, with K the smaller of M and N
 */
public record Svd(boolean fullMatrices) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape a = matrixShape(inputs[0]);
    long rows = a.size(-2);
    long columns = a.size(-1);
    long count = Math.min(rows, columns);
    Shape batch = LinalgOp.batch(a);
    Shape u = LinalgOp.join(batch, rows, fullMatrices ? rows : count);
    Shape vh = LinalgOp.join(batch, fullMatrices ? columns : count, columns);
    return new Spec[] {
      Spec.of(u, inputs[0].dtype()),
      Spec.of(LinalgOp.join(batch, count), inputs[0].dtype()),
      Spec.of(vh, inputs[0].dtype())
    };
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
          Lapack.Svd svd = Lapack.svd(m[0].rows(), m[0].columns(), a, fullMatrices, name());
          m[1].write(svd.u());
          m[2].write(svd.s());
          m[3].write(svd.vt());
        },
        matrices(inputs[0]),
        matrices(outputs[0]),
        vectors(outputs[1]),
        matrices(outputs[2]));
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /**
   * From {@code U^T dU = F o (dP S + S dP^T)} and {@code V^T dV = F o (S dP + dP^T S)} with {@code
   * dP = U^T dA V} and {@code F_ij = 1 / (s_j^2 - s_i^2)}, besides what leaves the spaces that U
   * and V span. Further columns of full matrices are an arbitrary basis: nothing flows through
   * them.
   */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor s = context.output(1);
    long count = s.size(-1);
    Tensor u = context.output(0).narrow(-1, 0, count);
    Tensor vh = context.output(2).narrow(-2, 0, count);
    Tensor gS = gradients[1];
    if (gradients[0] == null && gradients[2] == null) {
      return new Tensor[] {u.mul(gS.unsqueeze(-2)).matmul(vh)};
    }
    Tensor eye = Tensor.eye(count, count, s.dtype());
    Tensor square = s.square();
    Tensor gaps = square.unsqueeze(-2).sub(square.unsqueeze(-1)).add(eye);
    Tensor row = s.unsqueeze(-2);
    Tensor core = gS == null ? Tensor.zerosLike(gaps) : eye.mul(gS.unsqueeze(-1));
    Tensor outside = null;
    if (gradients[0] != null) {
      Tensor gU = gradients[0].narrow(-1, 0, count);
      Tensor turn = u.mT().matmul(gU);
      core = core.add(turn.sub(turn.mT()).div(gaps).mul(row));
      if (u.size(-2) > count) {
        outside = gU.sub(u.matmul(turn)).div(row).matmul(vh);
      }
    }
    if (gradients[2] != null) {
      Tensor gVh = gradients[2].narrow(-2, 0, count);
      Tensor turn = vh.matmul(gVh.mT());
      core = core.add(turn.sub(turn.mT()).div(gaps).mul(s.unsqueeze(-1)));
      if (vh.size(-1) > count) {
        Tensor rest = u.div(row).matmul(gVh.sub(turn.mT().matmul(vh)));
        outside = outside == null ? rest : outside.add(rest);
      }
    }
    Tensor inside = u.matmul(core).matmul(vh);
    return new Tensor[] {outside == null ? inside : inside.add(outside)};
  }
}
