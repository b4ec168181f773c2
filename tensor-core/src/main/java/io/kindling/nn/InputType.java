package io.kindling.nn;

import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The smallest type that a network's input may have under autocast without a bit of any result
 * changing. A network that begins with a product rounds its input to the region's type; whoever
 * keeps many inputs may then keep them rounded, in half the memory.
 *
 * <p>No layer declares this. The forward pass is run with kernels that do nothing, and whatever
 * would read the input is looked at: every read must be a cast to the region's type, or a copy in
 * another order of which the same is true. Views share the input's memory and are seen by it. So
 * any module's forward pass is understood, a user's own too, and what is not understood means
 * float32. As a second proof the pass is run with a rounded input, and has to do the same: the same
 * operations on the same shapes, orders and types. Both are done in training, where dropout may be
 * the first to read the input, and in eval mode.
 *
 * <p>What is seen is one pass, with an input of zeros and results without meaning: a module whose
 * forward pass chooses anew in each call, or by the input's values without an operation, what it
 * does to its input must not count on this.
 */
public final class InputType {
  private InputType() {}

  /**
   * The smallest type for the input of forward passes in a region of the given type.
   *
   * @param module one that is not needed any more: the pass may draw random numbers and count steps
   * @param sample float32, of the shape and order that inputs have, with two rows or more, as of
   *     one row a part looks like the whole; its values do not matter
   * @param region the type of the region, such as bfloat16
   * @return that type, or float32 if the network needs the input's other bits, or if its forward
   *     pass fails
   */
  public static DType under(DType region, Module module, Tensor sample) {
    boolean training = module.isTraining();
    try {
      boolean rounds = isRounded(region, module, sample, true);
      return rounds && isRounded(region, module, sample, false) ? region : DType.FLOAT32;
    } catch (RuntimeException | LinkageError e) {
      return DType.FLOAT32; // whoever runs it in earnest will say what is wrong
    } finally {
      module.train(training);
    }
  }

  private static boolean isRounded(DType region, Module module, Tensor sample, boolean training) {
    module.train(training);
    try (Scope scope = Scope.open();
        var mode = Autograd.setGradEnabled(training)) {
      Pass exact = Pass.of(region, module, sample);
      Pass rounded =
          Pass.of(region, module, Tensor.allocate(rounded(sample, region), sample.device()));
      return exact.casts
          && !exact.needsBits
          && !rounded.needsBits
          && exact.calls.equals(rounded.calls);
    }
  }

  private static Spec rounded(Tensor sample, DType region) {
    return new Spec(sample.layout(), region);
  }

  /** What one forward pass does. */
  private static final class Pass extends NoKernels {
    private final DType region;

    /** The input's memory, and that of copies in other orders. */
    private final Set<Storage> input = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The calls, less those that only copy or cast the input. */
    private final List<List<Object>> calls = new ArrayList<>();

    private boolean casts;
    private boolean needsBits;

    private Pass(DType region) {
      this.region = region;
    }

    static Pass of(DType region, Module module, Tensor sample) {
      Pass pass = new Pass(region);
      pass.input.add(sample.storage());
      try (Autocast cast = Autocast.enable(region)) {
        Tensor output = Backends.only(pass, () -> module.forward(sample));
        pass.calls.add(List.of("output", output.spec()));
        // The input itself would go on, to whoever reads it then; or its gradient might be read.
        pass.needsBits |= pass.isInput(output) || sample.requiresGrad();
      }
      return pass;
    }

    @Override
    public Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs) {
      needsBits |= Arrays.stream(outputs).anyMatch(this::isInput);
      if (op instanceof Copy && isInput(inputs[0])) {
        copy(inputs[0].dtype(), outputs[0]);
      } else {
        call(op, inputs);
      }
      return super.kernel(op, inputs, outputs);
    }

    private void copy(DType from, Tensor copy) {
      if (copy.dtype() == from) {
        input.add(copy.storage());
      } else if (copy.dtype() == region) {
        casts = true;
      } else {
        needsBits = true;
      }
    }

    private void call(Op op, Tensor[] inputs) {
      // Of a rounded input there are no more bits; the exact one must not come here.
      needsBits |= Arrays.stream(inputs).anyMatch(x -> isInput(x) && x.dtype() != region);
      calls.add(
          Stream.concat(Stream.of(op.name()), Arrays.stream(inputs).map(Tensor::spec)).toList());
    }

    private boolean isInput(Tensor tensor) {
      return input.contains(tensor.storage());
    }
  }
}
