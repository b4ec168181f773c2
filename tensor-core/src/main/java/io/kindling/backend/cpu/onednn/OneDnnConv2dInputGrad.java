package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_data_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;

import io.kindling.op.conv.Conv2dInputGrad;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** The gradient of a convolution's input. */
final class OneDnnConv2dInputGrad implements OneDnnKernel<Conv2dInputGrad> {
  @Override
  public Class<Conv2dInputGrad> op() {
    return Conv2dInputGrad.class;
  }

  @Override
  public boolean supports(Conv2dInputGrad op, Tensor[] inputs, Tensor[] outputs) {
    return Convolution.isFit(inputs, outputs[0])
        && Convolution.fits(op.conv(), outputs[0].shape(), inputs[1].shape(), inputs[0].shape());
  }

  @Override
  public Prepared.Call prepare(
      Conv2dInputGrad op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Convolution convolution =
        new Convolution(op.conv(), outputs[0], inputs[1], inputs[0], outputs[0]);
    dnnl_primitive_desc hint = convolution.hint(preparation);
    if (hint == null) {
      return null;
    }
    dnnl_memory_desc x = convolution.xAsUsed(preparation);
    dnnl_memory_desc weight = convolution.weightAsUsed(preparation);
    dnnl_memory_desc y = convolution.yAsUsed(preparation);
    dnnl_primitive_desc operation =
        preparation.operation(
            "convolution backward data",
            convolution.nanoseconds(),
            created ->
                dnnl_convolution_backward_data_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_convolution_direct,
                    x,
                    weight,
                    y,
                    convolution.strides(),
                    convolution.dilations(),
                    convolution.padding(),
                    convolution.padding(),
                    hint,
                    OneDnn.attributes()));
    if (operation == null) {
      return null;
    }
    return new Routed(
            preparation,
            operation,
            Routed.Argument.in(DNNL_ARG_DIFF_DST, convolution.image(inputs[0], preparation)),
            Routed.Argument.in(DNNL_ARG_WEIGHTS, convolution.weight(inputs[1], preparation)),
            Routed.Argument.out(DNNL_ARG_DIFF_SRC, convolution.image(outputs[0], preparation)))
        .call();
  }
}
