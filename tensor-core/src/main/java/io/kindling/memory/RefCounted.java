package io.kindling.memory;

import io.kindling.MemoryException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Something that several holders share and that ends when the last of them lets go. It starts with
 * one reference, its creator's. Safe for use by several threads.
 */
public abstract class RefCounted {
  private static final VarHandle REFERENCES;

  static {
    try {
      REFERENCES = MethodHandles.lookup().findVarHandle(RefCounted.class, "references", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Not volatile, because each construction would then pay for a fence.
  @SuppressWarnings("UnusedVariable") // reached through REFERENCES only
  private int references = 1;

  /** Adds a holder. Fails once the last reference is gone. */
  public final void retain() {
    int now;
    do {
      now = references();
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
    int now = (int) REFERENCES.getAndAdd(this, -1) - 1;
    if (now == 0) {
      released();
    } else if (now < 0) {
      REFERENCES.getAndAdd(this, 1);
      throw new MemoryException(getClass().getSimpleName() + " was released twice");
    }
  }

  /** How many hold this now. */
  public final int references() {
    return (int) REFERENCES.getVolatile(this);
  }

  /** Called once, when the last reference is gone. */
  protected abstract void released();
}
