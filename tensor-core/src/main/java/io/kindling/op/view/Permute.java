package io.kindling.op.view;

import io.kindling.op.GradientContext;
import io.kindling.op.ViewOp;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.List;

/** Reorders the dimensions. */
public record Permute(List<Integer> dims) implements ViewOp {
  @Override
  public Layout view(Layout input) {
    return input.permute(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public Tensor gradient(GradientContext context, Tensor gradient) {
    int[] inverse = new int[dims.size()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[Math.floorMod(dims.get(i), inverse.length)] = i;
    }
    return gradient.permute(inverse);
  }
}
