package io.kindling.optim;

import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * Adam whose weight decay shrinks the parameter itself by {@code learningRate * weightDecay} each
 * step, whatever its gradient (Loshchilov and Hutter, 2019); 0.01 by default. As PyTorch's {@code
 * torch.optim.AdamW}.
 */
public final class AdamW extends Adam {
  /** With PyTorch's default learning rate, 0.001. */
  public AdamW(List<Tensor> parameters) {
    this(parameters, 1e-3);
  }

  public AdamW(List<Tensor> parameters, double learningRate) {
    super(parameters, learningRate, 0.01, true);
  }
}
