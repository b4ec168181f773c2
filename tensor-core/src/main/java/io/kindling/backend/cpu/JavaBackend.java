package io.kindling.backend.cpu;

import io.kindling.backend.Backend;
import io.kindling.memory.Allocator;
import io.kindling.memory.CachingAllocator;
import io.kindling.op.Op;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/** Runs each op's own plain-Java kernel. */
public final class JavaBackend implements Backend {
  private static final CachingAllocator ALLOCATOR =
      new CachingAllocator(Long.getLong(CachingAllocator.LIMIT_PROPERTY, Long.MAX_VALUE));

  @Override
  public String name() {
    return "java";
  }

  @Override
  public Device.Type device() {
    return Device.Type.CPU;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public String unavailable() {
    return null;
  }

  @Override
  public String description() {
    return "plain Java " + Runtime.version().feature();
  }

  @Override
  public Allocator allocator() {
    return ALLOCATOR;
  }

  @Override
  public Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs) {
    return Op::reference;
  }
}
