package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.memory.OffHeap;
import io.kindling.op.norm.BatchNormBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * The gradients of batch normalisation. oneDNN wants a variance and an epsilon where the op has the
 * inverse standard deviation, so it gets its inverse square and none.
 */
final class OneDnnBatchNormBackward implements OneDnnKernel<BatchNormBackward> {
  @Override
  public Class<BatchNormBackward> op() {
    return BatchNormBackward.class;
  }

  @Override
  public boolean supports(BatchNormBackward op, Tensor[] inputs, Tensor[] outputs) {
    Tensor g = inputs[0];
    Tensor x = inputs[1];
    DType dtype = x.dtype();
    return Preparation.hasType(dtype)
        && Channels.isFit(x)
        && Operand.isReadable(x, dtype)
        && Operand.isReadable(g, dtype)
        && g.shape().equals(x.shape())
        && Operand.isWritable(outputs[0], dtype, inputs)
        && outputs[0].layout().sameOrder(x.layout())
        && OneDnnBatchNorm.areVectors(x.size(1), inputs, 2, 5)
        && OneDnnBatchNorm.areVectors(x.size(1), outputs, 1, 3);
  }

  @Override
  public Prepared.Call prepare(
      BatchNormBackward op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Channels channels = Channels.of(inputs[1].layout());
    dnnl_memory_desc memory = channels.memory(inputs[1].dtype(), preparation);
    dnnl_primitive_desc hint =
        OneDnnBatchNorm.operation(op.training(), 0, channels, memory, preparation);
    if (hint == null) {
      return null;
    }
    int flags = dnnl_use_scale | dnnl_use_shift | (op.training() ? 0 : dnnl_use_global_stats);
    dnnl_primitive_desc operation =
        preparation.operation(
            "batch normalization backward",
            OneDnnBatchNorm.nanoseconds(channels),
            created ->
                dnnl_batch_normalization_backward_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_backward,
                    memory,
                    memory,
                    memory,
                    0,
                    flags,
                    hint,
                    OneDnn.attributes()));
    if (operation == null) {
      return null;
    }
    Primitive primitive =
        preparation.primitive(
            operation,
            DNNL_ARG_DIFF_DST,
            DNNL_ARG_SRC,
            DNNL_ARG_SCALE,
            DNNL_ARG_MEAN,
            DNNL_ARG_VARIANCE,
            DNNL_ARG_DIFF_SRC,
            DNNL_ARG_DIFF_SCALE,
            DNNL_ARG_DIFF_SHIFT);
    boolean copy = !inputs[0].layout().sameOrder(inputs[1].layout());
    return (in, out) -> {
      try (Tensor g = copy ? Operand.copy(in[0], in[1].layout().format()) : null) {
        run(primitive, copy ? g : in[0], in, out);
      }
    };
  }

  private static void run(Primitive primitive, Tensor g, Tensor[] in, Tensor[] out) {
    long count = in[2].numel();
    Block block = Backends.allocator(Device.CPU).allocate(4 * count);
    long variance = block.address();
    try {
      for (long c = 0; c < count; c++) {
        double invStd = OffHeap.getFloat(in[4].address() + 4 * c);
        OffHeap.putFloat(variance + 4 * c, (float) (1 / (invStd * invStd)));
      }
      primitive.execute(
          g.address(),
          in[1].address(),
          in[2].address(),
          in[3].address(),
          variance,
          out[0].address(),
          out[1].address(),
          out[2].address());
    } finally {
      block.free();
    }
  }
}
