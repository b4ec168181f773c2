package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_backward_weights_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;

import io.kindling.op.conv.Conv2dWeightGrad;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** The gradient of a convolution's weight, and of its bias. */
final class OneDnnConv2dWeightGrad implements OneDnnKernel<Conv2dWeightGrad> {
  @Override
  public Class<Conv2dWeightGrad> op() {
    return Conv2dWeightGrad.class;
  }

  @Override
  public boolean supports(Conv2dWeightGrad op, Tensor[] inputs, Tensor[] outputs) {
    return Convolution.isFit(inputs, outputs[0])
        && Convolution.fits(op.conv(), inputs[1].shape(), outputs[0].shape(), inputs[0].shape())
        && (!op.bias() || isFit(outputs, inputs));
  }

  private static boolean isFit(Tensor[] outputs, Tensor[] inputs) {
    Tensor weight = outputs[0];
    Tensor bias = outputs[1];
    return bias.shape().equals(Shape.of(weight.size(0)))
        && Operand.isWritable(bias, weight.dtype(), inputs)
        && bias.storage() != weight.storage();
  }

  @Override
  public Prepared.Call prepare(
      Conv2dWeightGrad op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Convolution convolution =
        new Convolution(op.conv(), inputs[1], outputs[0], inputs[0], inputs[1]).forWeightGradient();
    dnnl_primitive_desc hint = convolution.hint(preparation);
    if (hint == null) {
      return null;
    }
    dnnl_memory_desc x = convolution.xAsUsed(preparation);
    dnnl_memory_desc weight = convolution.weightAsUsed(preparation);
    dnnl_memory_desc y = convolution.yAsUsed(preparation);
    RowSums sums = op.bias() ? sums(convolution, inputs[0], preparation) : null;
    boolean alongside = op.bias() && sums == null;
    dnnl_memory_desc bias = alongside ? convolution.bias(preparation) : null;
    String name = "convolution backward weights";
    Preparation.Creator creator =
        created ->
            dnnl_convolution_backward_weights_primitive_desc_create(
                created,
                OneDnn.engine(),
                dnnl_convolution_direct,
                x,
                weight,
                bias,
                y,
                convolution.strides(),
                convolution.dilations(),
                convolution.padding(),
                convolution.padding(),
                hint,
                OneDnn.attributes());
    double nanoseconds = convolution.nanoseconds();
    dnnl_primitive_desc operation =
        writesTooFar(convolution)
            ? preparation.operation(name, nanoseconds, "jit_bf16:", creator)
            : preparation.operation(name, nanoseconds, creator);
    if (operation == null) {
      return null;
    }
    List<Routed.Argument> arguments = new ArrayList<>();
    arguments.add(Routed.Argument.in(DNNL_ARG_DIFF_DST, convolution.image(inputs[0], preparation)));
    arguments.add(Routed.Argument.in(DNNL_ARG_SRC, convolution.image(inputs[1], preparation)));
    arguments.add(
        Routed.Argument.out(DNNL_ARG_DIFF_WEIGHTS, convolution.weight(outputs[0], preparation)));
    if (alongside) {
      arguments.add(Routed.Argument.out(DNNL_ARG_DIFF_BIAS, bias));
    }
    Prepared.Call call =
        new Routed(preparation, operation, arguments.toArray(new Routed.Argument[0])).call();
    if (sums == null) {
      return call;
    }
    return (in, out) -> {
      call.run(in, out);
      RowSums.store(sums.run(in[0].address()), out[1]);
    };
  }

  /**
   * Whether oneDNN 3.11's first kernel may not be used: of a single pixel and with steps, in
   * bfloat16, it writes beyond its work memory.
   */
  private static boolean writesTooFar(Convolution convolution) {
    Shape weight = convolution.weight();
    long[] strides = convolution.strides();
    return convolution.dtype() == DType.BFLOAT16
        && weight.size(2) * weight.size(3) == 1
        && Math.max(strides[0], strides[1]) > 1;
  }

  /** For channels-last, in which oneDNN's own way to a bias is slow; null for other orders. */
  private static RowSums sums(Convolution convolution, Tensor gradient, Preparation preparation) {
    boolean channelsLast =
        convolution.channelsLast() && gradient.layout().isContiguous(MemoryFormat.CHANNELS_LAST);
    if (!channelsLast) {
      return null;
    }
    long channels = gradient.size(1);
    return RowSums.of(
        convolution.dtype(), gradient.numel() / channels, (int) channels, preparation);
  }
}
