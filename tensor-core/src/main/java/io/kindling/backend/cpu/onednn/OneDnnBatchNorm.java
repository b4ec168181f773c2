package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_batch_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import io.kindling.memory.OffHeap;
import io.kindling.op.norm.BatchNorm;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** Batch normalisation of contiguous and channels-last tensors. */
final class OneDnnBatchNorm implements OneDnnKernel<BatchNorm> {
  /** Nanoseconds of one thread, forward or backward. */
  private static final double ELEMENT = 0.2;

  @Override
  public Class<BatchNorm> op() {
    return BatchNorm.class;
  }

  @Override
  public boolean supports(BatchNorm op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    DType dtype = x.dtype();
    if (!Preparation.hasType(dtype)
        || !Channels.isFit(x)
        || !Operand.isReadable(x, dtype)
        || !Operand.isWritable(outputs[0], dtype, inputs)
        || !outputs[0].layout().sameOrder(x.layout())) {
      return false;
    }
    return areVectors(x.size(1), inputs, 1, 5) && areVectors(x.size(1), outputs, 1, 3);
  }

  /** Whether each of some tensors is a dense float32 vector with a number a channel. */
  static boolean areVectors(long channels, Tensor[] tensors, int from, int to) {
    for (int i = from; i < to; i++) {
      Tensor vector = tensors[i];
      if (!Operand.isReadable(vector, DType.FLOAT32)
          || vector.numel() != channels
          || !vector.isContiguous()) {
        return false;
      }
    }
    return true;
  }

  /** The operation; the backward pass needs it as a hint. */
  static dnnl_primitive_desc operation(
      boolean training,
      double eps,
      Channels channels,
      dnnl_memory_desc memory,
      Preparation preparation) {
    int flags = dnnl_use_scale | dnnl_use_shift | (training ? 0 : dnnl_use_global_stats);
    return preparation.operation(
        "batch normalization",
        nanoseconds(channels),
        created ->
            dnnl_batch_normalization_forward_primitive_desc_create(
                created,
                OneDnn.engine(),
                training ? dnnl_forward_training : dnnl_forward_inference,
                memory,
                memory,
                (float) eps,
                flags,
                OneDnn.attributes()));
  }

  static double nanoseconds(Channels channels) {
    return ELEMENT * Arrays.stream(channels.sizes()).reduce(1, (a, b) -> a * b);
  }

  @Override
  public Prepared.Call prepare(
      BatchNorm op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Channels channels = Channels.of(inputs[0].layout());
    dnnl_memory_desc memory = channels.memory(inputs[0].dtype(), preparation);
    dnnl_primitive_desc operation =
        operation(op.training(), op.eps(), channels, memory, preparation);
    if (operation == null) {
      return null;
    }
    Primitive primitive =
        preparation.primitive(
            operation,
            DNNL_ARG_SRC,
            DNNL_ARG_SCALE,
            DNNL_ARG_SHIFT,
            DNNL_ARG_MEAN,
            DNNL_ARG_VARIANCE,
            DNNL_ARG_DST);
    long count = channels.count();
    return (in, out) -> {
      long mean = out[1].address();
      long variance = out[2].address();
      if (!op.training()) {
        OffHeap.copy(in[3].address(), mean, 4 * count);
        OffHeap.copy(in[4].address(), variance, 4 * count);
      }
      primitive.execute(
          in[0].address(), in[1].address(), in[2].address(), mean, variance, out[0].address());
      for (long c = 0; c < count; c++) {
        double var = OffHeap.getFloat(variance + 4 * c);
        OffHeap.putFloat(variance + 4 * c, (float) (1 / Math.sqrt(var + op.eps())));
      }
    };
  }
}
