package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Assign;

/** New values for the elements of this tensor: copied or constant. */
interface FillingMethods {
  default Tensor copy_(Tensor source) {
    return Dispatch.runInPlace(new Assign(), self(), source);
  }

  default Tensor fill_(double value) {
    return filled("fill_", value);
  }

  default Tensor zero_() {
    return filled("zero_", 0);
  }

  private Tensor filled(String name, double value) {
    NumberOperand.checkFits(name, self().dtype(), value);
    try {
      return NumberOperand.runInPlace(new Assign(), self(), value);
    } catch (KindlingException e) {
      throw e.during(name);
    }
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
