package io.kindling.backend.cpu.onednn;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * Tensors {@code (N, C, ...)} as batch normalisation sees them: every dimension but the channels is
 * one, and channels either come before it in memory or after it.
 *
 * @param sizes {@code (outer, C, 1, inner)}
 */
record Channels(long[] sizes, long[] strides) {
  /** Whether a tensor is contiguous or channels-last. */
  static boolean isFit(Tensor x) {
    return x.dim() >= 2 && x.layout().isContiguous(x.layout().format());
  }

  static Channels of(Layout layout) {
    long batch = layout.size(0);
    long channels = layout.size(1);
    long inner = layout.shape().numel() / batch / channels;
    if (inner == 1 || layout.format() == MemoryFormat.CHANNELS_LAST) {
      long all = batch * inner;
      return new Channels(
          new long[] {1, channels, 1, all},
          new long[] {all * channels, 1, all * channels, channels});
    }
    return new Channels(
        new long[] {batch, channels, 1, inner}, new long[] {channels * inner, inner, inner, 1});
  }

  long count() {
    return sizes[1];
  }

  dnnl_memory_desc memory(DType dtype, Preparation preparation) {
    return preparation.memory(dtype, sizes, strides);
  }
}
