package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;

/**
 * An operation with a gradient of its own, as PyTorch's {@code torch.autograd.Function}.
 *
 * <pre>{@code
 * final class Exp extends Function {
 *   protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
 *     Tensor y = inputs[0].exp();
 *     context.saveForBackward(y);
 *     return new Tensor[] {y};
 *   }
 *
 *   protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
 *     return new Tensor[] {gradients[0].mul(context.savedTensors()[0])};
 *   }
 * }
 *
 * Tensor y = new Exp().apply(x);
 * }</pre>
 *
 * <p>Arguments that are no tensors belong into the constructor. Threads may share an instance whose
 * fields forward does not change.
 */
public abstract class Function {
  /**
   * The operation. Nothing it calls is recorded.
   *
   * @param inputs as given to apply; null where null was given
   * @return the outputs: new tensors, inputs that were changed in place and marked so, or inputs as
   *     they are, for which apply returns views
   */
  protected abstract Tensor[] forward(FunctionContext context, Tensor... inputs);

  /**
   * The gradients of the inputs. Written with tensor operations, so that it can be differentiated
   * itself.
   *
   * @param gradients one an output; not to be changed in place
   * @return one an input, null where nothing flows; trailing nulls may be left out
   */
  protected abstract Tensor[] backward(FunctionContext context, Tensor... gradients);

  /**
   * Whether {@link #backward} cannot be differentiated; a second differentiation then fails instead
   * of giving a wrong gradient. PyTorch's {@code @once_differentiable}.
   */
  protected boolean isOnceDifferentiable() {
    return false;
  }

  /** The name that messages and graphs show, the class's own. */
  protected String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? "Function" : name;
  }

  /** Runs a function of one output. */
  public final Tensor apply(Tensor... inputs) {
    Tensor[] outputs = applyAll(inputs);
    if (outputs.length != 1) {
      throw new AutogradException(
          name() + " has " + outputs.length + " outputs; call applyAll to get them");
    }
    return outputs[0];
  }

  /** Runs the function and returns its outputs, which belong to the current scope. */
  public final Tensor[] applyAll(Tensor... inputs) {
    boolean[] needed = new boolean[inputs.length];
    boolean any = false;
    int[] versions = new int[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      needed[i] = inputs[i] != null && inputs[i].requiresGrad();
      any |= needed[i];
      versions[i] = inputs[i] == null ? 0 : inputs[i].storage().version();
    }
    FunctionContext context = new FunctionContext(needed);
    try (Scope scope = Scope.open()) {
      Tensor[] outputs;
      try (GradMode off = Autograd.noGrad()) {
        outputs = forward(context, inputs.clone()).clone();
        checkOutputs(context, inputs, versions, outputs);
      }
      if (any && Autograd.isGradEnabled()) {
        FunctionRecorder.record(this, context, inputs, outputs);
      }
      for (Tensor output : outputs) {
        scope.keep(output);
      }
      return outputs;
    }
  }

  private void checkOutputs(
      FunctionContext context, Tensor[] inputs, int[] versions, Tensor[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] == null) {
        throw new AutogradException(name() + ": forward returned null as output " + i);
      }
    }
    for (Tensor dirty : context.dirty) {
      if (!contains(outputs, dirty)) {
        throw new AutogradException(
            name() + ": forward marked a tensor as dirty and did not return it");
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      if (context.needsInputGrad(i)
          && inputs[i].storage().version() != versions[i]
          && !context.dirty.contains(inputs[i])) {
        throw new AutogradException(
            name() + ": forward changed input " + i + " in place without markDirty");
      }
    }
    // An input that is returned as it is becomes a tensor of its own, which the tape knows.
    for (int i = 0; i < outputs.length; i++) {
      if (contains(inputs, outputs[i]) && !context.dirty.contains(outputs[i])) {
        outputs[i] = outputs[i].view(outputs[i].shape().toArray());
      }
    }
  }

  private static boolean contains(Tensor[] tensors, Tensor tensor) {
    for (Tensor candidate : tensors) {
      if (candidate == tensor) {
        return true;
      }
    }
    return false;
  }
}
