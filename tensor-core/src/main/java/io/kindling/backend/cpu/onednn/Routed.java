package io.kindling.backend.cpu.onednn;

import io.kindling.backend.Backends;
import io.kindling.memory.Allocator;
import io.kindling.memory.Block;
import io.kindling.tensor.Device;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * A primitive with copies around it: arguments that oneDNN wants in another order than the tensors
 * have are copied in before it and out after it, through memory that lives for the call.
 */
final class Routed {
  /**
   * An argument as the tensor has it.
   *
   * @param number its DNNL_ARG_ number
   */
  record Argument(int number, dnnl_memory_desc memory, boolean isOutput) {
    static Argument in(int number, dnnl_memory_desc memory) {
      return new Argument(number, memory, false);
    }

    static Argument out(int number, dnnl_memory_desc memory) {
      return new Argument(number, memory, true);
    }
  }

  private final Primitive primitive;
  private final Argument[] arguments;
  private final Primitive[] copies;
  private final boolean direct;

  Routed(Preparation preparation, dnnl_primitive_desc operation, Argument... arguments) {
    this.arguments = arguments.clone();
    this.copies = new Primitive[arguments.length];
    int[] numbers = new int[arguments.length];
    boolean none = true;
    for (int i = 0; i < arguments.length; i++) {
      numbers[i] = arguments[i].number();
      dnnl_memory_desc own = arguments[i].memory();
      dnnl_memory_desc chosen = preparation.chosen(operation, numbers[i]);
      copies[i] =
          arguments[i].isOutput()
              ? preparation.reorder(chosen, own)
              : preparation.reorder(own, chosen);
      none &= copies[i] == null;
    }
    this.direct = none;
    this.primitive = preparation.primitive(operation, numbers);
  }

  /**
   * The call whose arguments are an op's inputs and then its outputs, of which the last may be left
   * out. Inputs in neither of the two formats are copied first, and were described as {@link
   * Operand#plain}.
   */
  Prepared.Call call() {
    return (inputs, outputs) -> {
      long[] addresses = new long[arguments.length];
      Tensor[] dense = null;
      try {
        for (int i = 0; i < inputs.length; i++) {
          Tensor input = inputs[i];
          if (!input.layout().isContiguous(input.layout().format())) {
            dense = dense == null ? new Tensor[inputs.length] : dense;
            dense[i] = Operand.copy(input, MemoryFormat.CONTIGUOUS);
            input = dense[i];
          }
          addresses[i] = input.address();
        }
        for (int i = 0; inputs.length + i < addresses.length; i++) {
          addresses[inputs.length + i] = outputs[i].address();
        }
        run(addresses);
      } finally {
        for (int i = 0; dense != null && i < dense.length; i++) {
          if (dense[i] != null) {
            dense[i].close();
          }
        }
      }
    };
  }

  /** Runs on the tensors at these addresses, in the order of the arguments. */
  void run(long... addresses) {
    if (direct) {
      primitive.execute(addresses);
      return;
    }
    Allocator allocator = Backends.allocator(Device.CPU);
    long[] used = addresses.clone();
    Block[] blocks = new Block[used.length];
    try {
      for (int i = 0; i < used.length; i++) {
        if (copies[i] != null) {
          blocks[i] = allocator.allocate(primitive.bytes(i));
          used[i] = blocks[i].address();
        }
      }
      for (int i = 0; i < used.length; i++) {
        if (copies[i] != null && !arguments[i].isOutput()) {
          copies[i].execute(addresses[i], used[i]);
        }
      }
      primitive.execute(used);
      for (int i = 0; i < used.length; i++) {
        if (copies[i] != null && arguments[i].isOutput()) {
          copies[i].execute(used[i], addresses[i]);
        }
      }
    } finally {
      for (Block block : blocks) {
        if (block != null) {
          block.free();
        }
      }
    }
  }
}
