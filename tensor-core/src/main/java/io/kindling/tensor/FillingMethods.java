package io.kindling.tensor;

import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Assign;

/** New values for the elements of this tensor: copied or constant. */
interface FillingMethods {
  default Tensor copy_(Tensor source) {
    return Dispatch.runInPlace(new Assign(), self(), source);
  }

  default Tensor fill_(double value) {
    return NumberOperand.runInPlace(new Assign(), self(), value);
  }

  default Tensor zero_() {
    return fill_(0);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
