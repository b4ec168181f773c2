package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_exec_arg_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;

import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.tensor.Device;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * A compiled oneDNN operation with one memory object an argument, whose address is set before each
 * call. One thread's own: the memory objects make it stateful.
 *
 * <p>Work memory comes from the tensors' allocator for the time of a call, so it is accounted,
 * bounded and shared by all primitives.
 */
final class Primitive {
  /** How many there are in the process; tests watch that they are bounded. */
  static final AtomicLong LIVE = new AtomicLong();

  private final dnnl_primitive primitive = new dnnl_primitive();
  private final Team team;
  private final int threads;
  private final dnnl_memory[] memories;
  private final long[] bytes;
  private final dnnl_exec_arg_t arguments;
  private final long scratchpadBytes;
  private final Address address = new Address();

  /**
   * @param threads that the descriptor was made for
   * @param arguments DNNL_ARG_ numbers, in the order in which {@link #execute} takes addresses
   */
  Primitive(dnnl_primitive_desc descriptor, Team team, int threads, int... arguments) {
    this.team = team;
    this.threads = threads;
    team.use(threads);
    Status.check(dnnl_primitive_create(primitive, descriptor), "dnnl_primitive_create");
    LIVE.incrementAndGet();
    dnnl_memory_desc scratchpad =
        dnnl_primitive_desc_query_md(descriptor, dnnl_query_scratchpad_md, 0);
    scratchpadBytes = scratchpad == null ? 0 : dnnl_memory_desc_get_size(scratchpad);
    int count = arguments.length + (scratchpadBytes > 0 ? 1 : 0);
    this.memories = new dnnl_memory[count];
    this.bytes = new long[count];
    this.arguments = new dnnl_exec_arg_t(count);
    for (int i = 0; i < arguments.length; i++) {
      dnnl_memory_desc memory =
          dnnl_primitive_desc_query_md(descriptor, dnnl_query_exec_arg_md, arguments[i]);
      add(i, arguments[i], memory);
    }
    if (scratchpadBytes > 0) {
      add(arguments.length, DNNL_ARG_SCRATCHPAD, scratchpad);
    }
    this.arguments.position(0);
  }

  private void add(int index, int argument, dnnl_memory_desc descriptor) {
    dnnl_memory memory = new dnnl_memory();
    Status.check(
        dnnl_memory_create(memory, descriptor, OneDnn.engine(), address.at(0)),
        "dnnl_memory_create");
    memories[index] = memory;
    bytes[index] = dnnl_memory_desc_get_size(descriptor);
    arguments.position(index).arg(argument).memory(memory);
  }

  /** How many bytes the argument at a position of the constructor's list reaches over. */
  long bytes(int index) {
    return bytes[index];
  }

  /** Runs on the memory at these addresses and returns when the result is there. */
  void execute(long... addresses) {
    for (int i = 0; i < addresses.length; i++) {
      dnnl_memory_set_data_handle(memories[i], address.at(addresses[i]));
    }
    if (scratchpadBytes == 0) {
      execute();
      return;
    }
    Block scratchpad = Backends.allocator(Device.CPU).allocate(scratchpadBytes);
    try {
      dnnl_memory_set_data_handle(memories[memories.length - 1], address.at(scratchpad.address()));
      execute();
    } finally {
      scratchpad.free();
    }
  }

  private void execute() {
    team.use(threads);
    // The CPU stream is in order and has no state of its own, so threads share it.
    int status = dnnl_primitive_execute(primitive, OneDnn.stream(), memories.length, arguments);
    Status.check(status, "dnnl_primitive_execute");
  }

  void release() {
    dnnl_primitive_destroy(primitive);
    for (dnnl_memory memory : memories) {
      dnnl_memory_destroy(memory);
    }
    arguments.close();
    LIVE.decrementAndGet();
  }
}
