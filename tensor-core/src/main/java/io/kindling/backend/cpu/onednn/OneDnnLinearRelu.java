package io.kindling.backend.cpu.onednn;

import io.kindling.op.elementwise.Relu;
import io.kindling.op.matmul.Linear;
import io.kindling.op.matmul.LinearRelu;
import io.kindling.tensor.Tensor;

/**
 * {@link OneDnnLinear}, and relu on its result in place. oneDNN could do both at once, but its relu
 * would make 0 of NaN.
 */
final class OneDnnLinearRelu implements OneDnnKernel<LinearRelu> {
  private static final OneDnnLinear LINEAR = new OneDnnLinear();
  private static final OneDnnUnary<Relu> RELU = OneDnnUnary.relu();

  @Override
  public Class<LinearRelu> op() {
    return LinearRelu.class;
  }

  @Override
  public boolean supports(LinearRelu op, Tensor[] inputs, Tensor[] outputs) {
    return LINEAR.supports(new Linear(), inputs, outputs);
  }

  @Override
  public Prepared.Call prepare(
      LinearRelu op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Prepared.Call linear = LINEAR.prepare(new Linear(), inputs, outputs, preparation);
    Prepared.Call relu = relu(outputs, preparation);
    return linear == null
        ? null
        : (in, out) -> {
          linear.run(in, out);
          relu.run(out, out);
        };
  }

  private static Prepared.Call relu(Tensor[] outputs, Preparation preparation) {
    Relu op = new Relu();
    Prepared.Call call =
        RELU.supports(op, outputs, outputs)
            ? RELU.prepare(op, outputs, outputs, preparation)
            : null;
    return call == null ? op::reference : call;
  }
}
