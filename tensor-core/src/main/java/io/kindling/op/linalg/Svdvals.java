package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;
import static io.kindling.backend.cpu.MatrixLoop.Parts.vectors;

import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Linalg;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The singular values {@code (..., K)} of matrices {@code (..., M, N)}, the largest first. */
public record Svdvals() implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape a = matrixShape(inputs[0]);
    Shape values = LinalgOp.join(LinalgOp.batch(a), Math.min(a.size(-2), a.size(-1)));
    return Op.one(Spec.of(values, inputs[0].dtype()));
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
          m[1].write(Lapack.svd(m[0].rows(), m[0].columns(), a, false, name()).s());
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
    Linalg.SvdResult svd = Linalg.svd(context.input(0), false);
    return new Tensor[] {svd.u().mul(gradients[0].unsqueeze(-2)).matmul(svd.vh())};
  }
}
