package io.kindling.backend.cpu.onednn;

import io.kindling.op.Op;
import io.kindling.op.ThreadState;
import io.kindling.tensor.Tensor;
import java.lang.ref.Cleaner;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prepared calls of one thread. Threads share none, since a primitive's memory objects carry
 * the addresses of the call in progress; the machine code behind them is in oneDNN's own cache and
 * shared. At most {@link #CAPACITY} are kept, the least recently used goes first, and all go when
 * the thread has ended.
 */
final class PreparedCalls {
  /** A large network makes about 500 different calls in a training step. */
  static final int CAPACITY = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PreparedCalls.class);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final ThreadLocal<PreparedCalls> OF_THREAD =
      ThreadLocal.withInitial(PreparedCalls::new);

  private final Recent calls = new Recent();
  private final Team team = new Team();

  private PreparedCalls() {
    // The thread holds this object; when both are gone, the cleaner owns the calls.
    CLEANER.register(this, calls::releaseAll);
  }

  static PreparedCalls ofThread() {
    return OF_THREAD.get();
  }

  /** The prepared call, made if it is new, or null if oneDNN has no implementation. */
  <O extends Op> Prepared get(OneDnnKernel<O> kernel, O op, Tensor[] inputs, Tensor[] outputs) {
    ThreadState state = ThreadState.current();
    int wanted = state.threads;
    CallKey key = new CallKey(op, wanted, state.matmulPrecision, inputs, outputs);
    Prepared prepared = calls.get(key);
    if (prepared == null) {
      team.allow(wanted);
      prepared = prepare(kernel, op, inputs, outputs);
      calls.put(key, prepared);
    }
    return prepared.isImplemented() ? prepared : null;
  }

  private <O extends Op> Prepared prepare(
      OneDnnKernel<O> kernel, O op, Tensor[] inputs, Tensor[] outputs) {
    try (Preparation preparation = new Preparation(team)) {
      Prepared.Call call;
      try {
        call = kernel.prepare(op, inputs, outputs, preparation);
      } catch (RuntimeException | Error e) {
        preparation.primitives().forEach(Primitive::release);
        throw e;
      }
      if (call == null) {
        LOG.warn(
            "oneDNN has no {} for input {} here; the plain-Java kernel is used",
            op,
            inputs[0].layout());
      }
      return new Prepared(call, preparation.primitives());
    }
  }

  /** The calls, least recently used first. */
  private static final class Recent extends LinkedHashMap<CallKey, Prepared> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(64, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<CallKey, Prepared> eldest) {
      if (size() <= CAPACITY) {
        return false;
      }
      eldest.getValue().release();
      return true;
    }

    void releaseAll() {
      values().forEach(Prepared::release);
      clear();
    }
  }
}
