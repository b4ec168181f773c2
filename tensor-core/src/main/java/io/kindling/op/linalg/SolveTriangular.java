package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * The solution X of {@code A X = B}, with triangular {@code A (..., N, N)} and {@code B (..., N,
 * K)}; leading dimensions broadcast. A zero on the diagonal gives infinities.
 *
 * @param upper which triangle of A is read
 * @param unitriangular whether its diagonal is taken for ones, unread
 */
public record SolveTriangular(boolean upper, boolean unitriangular) implements LinalgOp {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.NONE;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    return solution(inputs);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        LinalgOp.batch(outputs[0].shape()),
        (place, m) -> {
          double[] b = m[1].read();
          Lapack.solveTriangular(m[0].rows(), m[1].columns(), m[0].read(), upper, unitriangular, b);
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

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op transposed = new SolveTriangular(!upper, unitriangular);
    Tensor b = Dispatch.run(transposed, context.input(0).mT(), gradients[0]);
    if (!context.needs(0)) {
      return new Tensor[] {null, b};
    }
    Tensor a = b.matmul(context.output(0).mT()).neg();
    int first = unitriangular ? 1 : 0;
    return new Tensor[] {upper ? a.triu(first) : a.tril(-first), b};
  }
}
