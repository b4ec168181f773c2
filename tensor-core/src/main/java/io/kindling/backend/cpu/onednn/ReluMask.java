package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_le;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create_v2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_select;

import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Lets a gradient pass where relu's output is above 0 or NaN, on dense lines: a byte an element
 * that says so, then the choice between it and zero.
 *
 * <p>oneDNN's own gradient of relu takes as long and multiplies by 0 or 1, which makes NaN of
 * infinity and stops the gradient where the output is NaN.
 */
final class ReluMask {
  /** Nanoseconds of one thread for either step. */
  private static final double ELEMENT = 0.09;

  /** In the work memory the number 0 comes first, and the flags after it. */
  private static final int FLAGS_AT = 64;

  private final long count;
  private final Primitive passes;
  private final Primitive chosen;

  private ReluMask(long count, Primitive passes, Primitive chosen) {
    this.count = count;
    this.passes = passes;
    this.chosen = chosen;
  }

  /** Of so many elements of one type; null if oneDNN has no kernel. */
  static ReluMask of(DType dtype, long count, Preparation preparation) {
    // Of one dimension only oneDNN has no fast kernel here.
    long[] sizes = {1, count};
    long[] strides = {count, 1};
    dnnl_memory_desc line = preparation.memory(dtype, sizes, strides);
    dnnl_memory_desc flags = preparation.memory(DType.INT8, sizes, strides);
    dnnl_memory_desc zero = preparation.memory(dtype, new long[] {1, 1}, new long[] {1, 1});
    dnnl_primitive_attr negated = preparation.attributesThenLinear(-1, 1);
    dnnl_primitive_desc comparison =
        preparation.operation(
            "binary",
            ELEMENT * count,
            created ->
                dnnl_binary_primitive_desc_create(
                    created, OneDnn.engine(), dnnl_binary_le, line, zero, flags, negated));
    dnnl_primitive_desc choice =
        preparation.operation(
            "binary",
            ELEMENT * count,
            created ->
                dnnl_binary_primitive_desc_create_v2(
                    created,
                    OneDnn.engine(),
                    dnnl_binary_select,
                    line,
                    zero,
                    flags,
                    line,
                    OneDnn.attributes()));
    if (comparison == null || choice == null) {
      return null;
    }
    Primitive passes =
        preparation.primitive(comparison, DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_DST);
    Primitive chosen =
        preparation.primitive(choice, DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_SRC_2, DNNL_ARG_DST);
    return new ReluMask(count, passes, chosen);
  }

  /** How many elements there are. */
  long count() {
    return count;
  }

  /** Takes addresses; the target may be the gradient's. */
  void run(long gradient, long output, long target) {
    Block block = Backends.allocator(Device.CPU).allocate(FLAGS_AT + count);
    long zero = block.address();
    long flags = zero + FLAGS_AT;
    try {
      OffHeap.putFloat(zero, 0);
      passes.execute(output, zero, flags);
      chosen.execute(gradient, zero, flags, target);
    } finally {
      block.free();
    }
  }
}
