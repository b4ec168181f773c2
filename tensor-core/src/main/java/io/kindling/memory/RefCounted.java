package io.kindling.memory;

import io.kindling.MemoryException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Something that several holders share and that ends when the last of them lets go. It starts with
 * one reference, its creator's. Safe for use by several threads.
 */
public abstract class RefCounted {
  private static final AtomicIntegerFieldUpdater<RefCounted> REFERENCES =
      AtomicIntegerFieldUpdater.newUpdater(RefCounted.class, "references");

  private volatile int references = 1;

  /** Adds a holder. Fails once the last reference is gone. */
  public final void retain() {
    int now;
    do {
      now = references;
      if (now == 0) {
        throw new MemoryException(
            getClass().getSimpleName()
                + " was already released; hold a reference of your own (Scope.keep, Tensor.alias)"
                + " before the last one is closed");
      }
    } while (!REFERENCES.compareAndSet(this, now, now + 1));
  }

  /** Lets go of one reference; the last one ends the object. */
  public final void release() {
    int now = REFERENCES.decrementAndGet(this);
    if (now == 0) {
      released();
    } else if (now < 0) {
      REFERENCES.incrementAndGet(this);
      throw new MemoryException(getClass().getSimpleName() + " was released twice");
    }
  }

  /** How many hold this now. */
  public final int references() {
    return references;
  }

  /** Called once, when the last reference is gone. */
  protected abstract void released();
}
