package io.kindling.testing;

import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;

/** Ways in which the same values can lie in memory. */
public enum InputLayout {
  CONTIGUOUS {
    @Override
    public Tensor apply(Tensor values) {
      return values;
    }
  },
  /** The dimensions lie in memory in reverse order. */
  TRANSPOSED {
    @Override
    public Tensor apply(Tensor values) {
      int[] reverse = new int[values.dim()];
      for (int i = 0; i < reverse.length; i++) {
        reverse[i] = reverse.length - 1 - i;
      }
      return values.permute(reverse).contiguous().permute(reverse);
    }
  },
  /** Every other element of a larger tensor, whose remaining elements must never be looked at. */
  SLICED {
    @Override
    public Tensor apply(Tensor values) {
      if (values.dim() == 0 || values.size(-1) == 0) {
        return values;
      }
      Tensor poison =
          Tensor.emptyLike(values).fill_(values.dtype().isFloatingPoint() ? POISON : 99);
      Tensor pairs = Tensor.stack(List.of(poison, values), values.dim());
      long[] sizes = values.shape().toArray();
      sizes[sizes.length - 1] *= 2;
      return pairs.view(sizes).slice(-1, 1, sizes[sizes.length - 1], 2);
    }
  },
  /** Channels beside each other, for tensors of four dimensions. */
  CHANNELS_LAST {
    @Override
    public Tensor apply(Tensor values) {
      return values.contiguous(MemoryFormat.CHANNELS_LAST);
    }
  },
  /** The first element of the first dimension stands for all of them, without memory. */
  EXPANDED {
    @Override
    public Tensor apply(Tensor values) {
      if (values.numel() == 0 || values.dim() == 0) {
        return values;
      }
      Shape shape = values.shape();
      return values.narrow(0, 0, 1).expand(shape.toArray());
    }
  };

  private static final double POISON = Double.NaN;

  /** Tensors of these values in this layout; gradients flow back to {@code values}. */
  public abstract Tensor apply(Tensor values);

  /** Whether the values stay the same. */
  public boolean keepsValues() {
    return this != EXPANDED;
  }
}
