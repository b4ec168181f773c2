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
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The determinants {@code (...)} of matrices {@code (..., N, N)}. */
public record Det() implements LinalgOp {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.NONE;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    return Op.one(Spec.of(LinalgOp.batch(squareShape(inputs[0])), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    MatrixLoop.forEach(
        outputs[0].shape(),
        (place, m) -> m[1].set(of(Lapack.lu(m[0].rows(), m[0].read()))),
        matrices(inputs[0]),
        numbers(outputs[0]));
  }

  private static double of(Lapack.Lu lu) {
    double product = 1;
    for (int i = 0; i < lu.n(); i++) {
      double pivot = lu.factors()[i + i * lu.n()];
      product *= lu.pivots()[i] == i + 1 ? pivot : -pivot;
    }
    return product;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  /** The matrix of cofactors: {@code det(A) A^-T} where A has an inverse. */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor a = context.input(0);
    Tensor det = context.output(0);
    boolean invertible = det.detach().ne(0).all().item() != 0;
    Tensor cofactors = invertible ? Linalg.inv(a).mT().mul(column(det)) : cofactors(a);
    return new Tensor[] {cofactors.mul(column(gradients[0]))};
  }

  private static Tensor column(Tensor numbers) {
    return numbers.unsqueeze(-1).unsqueeze(-1);
  }

  /** Of any matrix {@code U diag(s) V^T}: for each value of s, the product of all others. */
  private static Tensor cofactors(Tensor a) {
    Linalg.SvdResult svd = Linalg.svd(a);
    Shape shape = a.shape();
    Tensor eye = Tensor.eye(shape.size(-1), shape.size(-1), a.dtype());
    Tensor others = svd.s().unsqueeze(-2).mul(eye.neg().add(1)).add(eye).prod(-1);
    // The determinants of U and V are 1 or -1 wherever A moves to.
    Tensor sign = Linalg.det(svd.u().detach()).mul(Linalg.det(svd.vh().detach())).round();
    return svd.u().mul(others.unsqueeze(-2)).matmul(svd.vh()).mul(column(sign));
  }
}
