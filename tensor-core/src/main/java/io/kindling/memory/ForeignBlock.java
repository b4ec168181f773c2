package io.kindling.memory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Memory that somebody else allocated. */
final class ForeignBlock extends Block {
  private static final Set<ForeignBlock> IN_USE = ConcurrentHashMap.newKeySet();

  private final Runnable release;

  ForeignBlock(long address, Runnable release) {
    super(address);
    this.release = release;
    IN_USE.add(this);
  }

  @Override
  public void free() {
    IN_USE.remove(this);
    release.run();
  }
}
