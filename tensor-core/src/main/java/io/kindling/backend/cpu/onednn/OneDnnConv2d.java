package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;

import io.kindling.op.conv.Conv2d;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Convolution, the bias added on the way. */
final class OneDnnConv2d implements OneDnnKernel<Conv2d> {
  @Override
  public Class<Conv2d> op() {
    return Conv2d.class;
  }

  @Override
  public boolean supports(Conv2d op, Tensor[] inputs, Tensor[] outputs) {
    return Convolution.isFit(inputs, outputs[0])
        && !isWrong(op, inputs[0].shape(), outputs[0].shape())
        && Convolution.fits(op, inputs[0].shape(), inputs[1].shape(), outputs[0].shape())
        && (inputs.length == 2 || inputs[2].isContiguous());
  }

  /**
   * Whether oneDNN 3.11 reads the wrong elements: of one channel a group and for an output of width
   * 1, it takes the step along the width for 1 where the one along the height is.
   */
  private static boolean isWrong(Conv2d op, Shape x, Shape y) {
    return x.size(1) == op.groups() && y.size(3) == 1 && op.strideW() > 1 && op.strideH() == 1;
  }

  @Override
  public Prepared.Call prepare(
      Conv2d op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Convolution convolution = new Convolution(op, inputs[0], inputs[1], outputs[0], inputs[0]);
    boolean biased = inputs.length > 2;
    dnnl_memory_desc bias = biased ? convolution.bias(preparation) : null;
    dnnl_primitive_desc operation = convolution.forward(dnnl_forward_inference, bias, preparation);
    if (operation == null) {
      return null;
    }
    Routed.Argument x = Routed.Argument.in(DNNL_ARG_SRC, convolution.image(inputs[0], preparation));
    Routed.Argument weight =
        Routed.Argument.in(DNNL_ARG_WEIGHTS, convolution.weight(inputs[1], preparation));
    Routed.Argument y =
        Routed.Argument.out(DNNL_ARG_DST, convolution.image(outputs[0], preparation));
    if (!biased) {
      return new Routed(preparation, operation, x, weight, y).call();
    }
    Routed.Argument added = Routed.Argument.in(DNNL_ARG_BIAS, bias);
    return new Routed(preparation, operation, x, weight, added, y).call();
  }
}
