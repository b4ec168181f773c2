package io.kindling.op.linalg;

import static io.kindling.backend.cpu.MatrixLoop.Parts.matrices;

import io.kindling.AutogradException;
import io.kindling.backend.cpu.Lapack;
import io.kindling.backend.cpu.Matrix;
import io.kindling.backend.cpu.MatrixLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;

/** {@code A = Q R} of matrices {@code (..., M, N)}: Q's columns orthonormal, R upper triangular. */
public record Qr(QrMode mode) implements LinalgOp {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape a = matrixShape(inputs[0]);
    long rows = a.size(-2);
    long columns = a.size(-1);
    long inner = mode == QrMode.COMPLETE ? rows : Math.min(rows, columns);
    Shape batch = LinalgOp.batch(a);
    Shape q = mode == QrMode.R ? Shape.of(0) : LinalgOp.join(batch, rows, inner);
    Shape r = LinalgOp.join(batch, inner, columns);
    return new Spec[] {Spec.of(q, inputs[0].dtype()), Spec.of(r, inputs[0].dtype())};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Shape batch = LinalgOp.batch(inputs[0].shape());
    if (mode == QrMode.R) {
      MatrixLoop.forEach(
          batch, (place, m) -> factorise(m[0], m[1]), matrices(inputs[0]), matrices(outputs[1]));
      return;
    }
    MatrixLoop.forEach(
        batch,
        (place, m) -> m[2].write(Lapack.q(factorise(m[0], m[1]), m[2].columns())),
        matrices(inputs[0]),
        matrices(outputs[1]),
        matrices(outputs[0]));
  }

  /** Writes R. */
  private static Lapack.Qr factorise(Matrix a, Matrix r) {
    Lapack.Qr qr = Lapack.qr(a.rows(), a.columns(), a.read());
    double[] values = new double[r.rows() * r.columns()];
    for (int j = 0; j < r.columns(); j++) {
      int count = Math.min(j + 1, Math.min(r.rows(), a.rows()));
      System.arraycopy(qr.factors(), j * a.rows(), values, j * r.rows(), count);
    }
    r.write(values);
    return qr;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Shape shape = context.inputSpec(0).shape();
    long rows = shape.size(-2);
    long columns = shape.size(-1);
    if (mode == QrMode.R) {
      throw new AutogradException(
          name() + ": the gradient needs Q; use QrMode.REDUCED instead of QrMode.R");
    }
    if (mode == QrMode.COMPLETE && rows > columns) {
      throw new AutogradException(
          name()
              + ": matrices of more rows than columns "
              + shape
              + " have no gradient with QrMode.COMPLETE, whose last columns of Q are arbitrary;"
              + " use QrMode.REDUCED");
    }
    Tensor q = context.output(0);
    Tensor r = context.output(1);
    Tensor gQ = gradients[0] == null ? Tensor.zerosLike(q) : gradients[0];
    Tensor gR = gradients[1] == null ? Tensor.zerosLike(r) : gradients[1];
    if (rows >= columns) {
      return new Tensor[] {tall(q, r, gQ, gR)};
    }
    // A = [X Y] and R = [U V] with X = Q U square and V = Q^T Y.
    Tensor y = context.input(0).narrow(-1, rows, columns - rows);
    Tensor gV = gR.narrow(-1, rows, columns - rows);
    Tensor fromY = gQ.add(y.matmul(gV.mT()));
    Tensor gX = tall(q, r.narrow(-1, 0, rows), fromY, gR.narrow(-1, 0, rows));
    return new Tensor[] {Tensor.cat(List.of(gX, q.matmul(gV)), -1)};
  }

  /** {@code (gQ + Q C) R^-T}, where C has the lower triangle of {@code R gR^T - gQ^T Q} twice. */
  private static Tensor tall(Tensor q, Tensor r, Tensor gQ, Tensor gR) {
    Tensor m = r.matmul(gR.mT()).sub(gQ.mT().matmul(q));
    Tensor both = m.tril().add(m.tril(-1).mT());
    Tensor right = gQ.add(q.matmul(both));
    return Dispatch.run(new SolveTriangular(true, false), r, right.mT()).mT();
  }
}
