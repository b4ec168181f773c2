package io.kindling.spark.model;

import io.kindling.nn.Module;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Keeps one copy of each network for all tasks of a JVM that predict with it at the time, and a few
 * more for the tasks to come: a stream's next batch, a pipeline's next stage.
 *
 * <p>Networks are known by their digest, so it does not matter which session, query or copy of a
 * model asks. A network in use is never closed.
 */
public final class LoadedNetworks {
  /** How many networks stay that no task uses: enough for a stream and a batch job beside it. */
  private static final int MAX_IDLE = 2;

  private static final LoadedNetworks OF_THIS_JVM = new LoadedNetworks();

  private static final class Entry {
    final CompletableFuture<Module> network = new CompletableFuture<>();
    int users;
  }

  /** Least recently asked for first. */
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  LoadedNetworks() {}

  /** The networks that the tasks of this JVM share. */
  public static LoadedNetworks ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** A task's hold on a network; closing it twice does no harm. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;
    private boolean closed;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    public Module network() {
      return entry.network.join();
    }

    @Override
    public void close() {
      synchronized (LoadedNetworks.this) {
        if (closed) {
          return;
        }
        closed = true;
        entry.users--;
      }
      evict(MAX_IDLE);
    }
  }

  /**
   * Holds the network of that digest. The first to ask loads it, others wait for that.
   *
   * @throws RuntimeException whatever {@code loader} throws; the next to ask tries again
   */
  public Lease acquire(String digest, Supplier<Module> loader) {
    Entry entry;
    boolean first;
    synchronized (this) {
      Entry known = entries.get(digest);
      first = known == null;
      entry = first ? new Entry() : known;
      if (first) {
        entries.put(digest, entry);
      }
      entry.users++;
    }
    if (first) {
      load(digest, entry, loader);
    }
    try {
      entry.network.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    return new Lease(entry);
  }

  private void load(String digest, Entry entry, Supplier<Module> loader) {
    try {
      entry.network.complete(loader.get());
    } catch (Throwable e) {
      synchronized (this) {
        entries.remove(digest, entry);
      }
      entry.network.completeExceptionally(e);
    }
  }

  /** Closes every network that no task uses, to free its memory now. */
  public void evictIdle() {
    evict(0);
  }

  private void evict(int idleToKeep) {
    List<Module> evicted = new ArrayList<>();
    synchronized (this) {
      long idle = entries.values().stream().filter(entry -> entry.users == 0).count();
      Iterator<Entry> oldest = entries.values().iterator();
      while (idle > idleToKeep) {
        Entry entry = oldest.next();
        if (entry.users == 0) {
          oldest.remove();
          evicted.add(entry.network.join());
          idle--;
        }
      }
    }
    evicted.forEach(Module::close);
  }
}
