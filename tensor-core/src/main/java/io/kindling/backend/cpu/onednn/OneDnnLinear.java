package io.kindling.backend.cpu.onednn;

import io.kindling.op.matmul.Linear;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** {@code x W^T + b} in one call: the weight is read as it lies, the bias added on the way. */
final class OneDnnLinear implements OneDnnKernel<Linear> {
  @Override
  public Class<Linear> op() {
    return Linear.class;
  }

  @Override
  public boolean supports(Linear op, Tensor[] inputs, Tensor[] outputs) {
    return MatMulCall.supports(inputs, outputs[0])
        && (inputs.length == 2 || inputs[2].isContiguous());
  }

  @Override
  public Prepared.Call prepare(
      Linear op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Layout x = inputs[0].layout();
    Layout out = outputs[0].layout();
    if (x.rank() == 1) {
      x = x.unsqueeze(0);
      out = out.unsqueeze(0);
    }
    Layout weight = inputs[1].layout();
    long columns = inputs.length > 2 ? inputs[2].numel() : 0;
    return MatMulCall.prepare(x, weight, true, columns, out, outputs[0].dtype(), preparation);
  }
}
