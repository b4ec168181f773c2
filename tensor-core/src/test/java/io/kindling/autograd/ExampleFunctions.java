package io.kindling.autograd;

import io.kindling.tensor.Tensor;
import java.util.function.BiFunction;

/** What tests of {@link Function} apply, and to what. */
final class ExampleFunctions {
  private ExampleFunctions() {}

  static Tensor leaf() {
    return Tensor.of(new double[] {1, -2, 4}).requiresGrad_();
  }

  /** A function of one input. */
  static Function of(
      BiFunction<FunctionContext, Tensor, Tensor[]> forward,
      BiFunction<FunctionContext, Tensor[], Tensor[]> backward) {
    return new Function() {
      @Override
      protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
        return forward.apply(context, inputs[0]);
      }

      @Override
      protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
        return backward.apply(context, gradients);
      }
    };
  }

  static Tensor[] one(Tensor tensor) {
    return new Tensor[] {tensor};
  }

  static class Cube extends Function {
    @Override
    protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
      context.saveForBackward(inputs);
      return one(inputs[0].pow(3));
    }

    @Override
    protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
      Tensor x = context.savedTensors()[0];
      return one(gradients[0].mul(3).mul(x).mul(x));
    }
  }
}
