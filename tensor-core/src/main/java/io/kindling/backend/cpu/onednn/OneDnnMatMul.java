package io.kindling.backend.cpu.onednn;

import io.kindling.op.matmul.MatMul;
import io.kindling.tensor.Tensor;

/** Products of matrices and of batches of them, transposed views as they lie. */
final class OneDnnMatMul implements OneDnnKernel<MatMul> {
  @Override
  public Class<MatMul> op() {
    return MatMul.class;
  }

  @Override
  public boolean supports(MatMul op, Tensor[] inputs, Tensor[] outputs) {
    return MatMulCall.supports(inputs, outputs[0]);
  }

  @Override
  public Prepared.Call prepare(
      MatMul op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Tensor out = outputs[0];
    return MatMulCall.prepare(
        inputs[0].layout(), inputs[1].layout(), false, 0, out.layout(), out.dtype(), preparation);
  }
}
