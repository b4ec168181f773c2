package io.kindling.memory;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when a storage was forgotten: the garbage collector queues the watch once nothing holds the
 * storage, and a thread then counts the leak and frees the block.
 *
 * <p>Every tensor has one, so it costs one small object and no lock: what a {@link
 * java.lang.ref.Cleaner} keeps in a list, here the block keeps in a field. A storage that was
 * released takes its block away from the watch, which the collector may queue all the same.
 */
final class StorageWatch extends PhantomReference<Storage> {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final boolean TRACE = Boolean.getBoolean(Storage.TRACE_PROPERTY);
  private static final ReferenceQueue<Storage> FORGOTTEN = new ReferenceQueue<>();
  private static final AtomicLong LEAKED = new AtomicLong();
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final Set<StorageWatch> LIVE = ConcurrentHashMap.newKeySet(); // while tracing

  static {
    Thread thread = new Thread(StorageWatch::reclaimForgotten, "kindling-memory-reclaim");
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // it lives as long as the JVM and must keep no user's code
    thread.start();
  }

  private final long bytes;
  private final Throwable origin;
  private Block block;

  StorageWatch(Storage storage, Block block, long bytes) {
    super(storage, FORGOTTEN);
    this.block = block;
    this.bytes = bytes;
    this.origin = TRACE ? new Throwable("allocated here") : null;
    block.watch = this;
    if (TRACE) {
      LIVE.add(this);
    }
  }

  /** To be called while the storage is still reachable, before its block is freed. */
  void end() {
    block.watch = null;
    block = null;
    if (TRACE) {
      LIVE.remove(this);
    }
  }

  /** Where the memory was allocated that is not yet released, the most bytes first. */
  static String live() {
    Map<String, long[]> places = new HashMap<>();
    for (StorageWatch watch : LIVE) {
      long[] sums = places.computeIfAbsent(watch.place(), p -> new long[2]);
      sums[0]++;
      sums[1] += watch.bytes;
    }
    StringBuilder report = new StringBuilder();
    places.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue()[1]))
        .forEach(
            entry ->
                report
                    .append(entry.getValue()[0])
                    .append(" with ")
                    .append(entry.getValue()[1])
                    .append(" bytes, allocated at")
                    .append(entry.getKey())
                    .append('\n'));
    return report.toString();
  }

  private String place() {
    return Arrays.stream(origin.getStackTrace())
        .filter(frame -> !frame.getClassName().startsWith("io.kindling.memory.Storage"))
        .map(frame -> "\n    " + frame)
        .collect(Collectors.joining());
  }

  static long leakedBytes() {
    return LEAKED.get();
  }

  private static void reclaimForgotten() {
    while (true) {
      try {
        Reference<? extends Storage> next = FORGOTTEN.remove();
        ((StorageWatch) next).reclaim();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // The next forgotten storage must be freed all the same.
        LOG.error("memory of a tensor that was never closed could not be freed", e);
      }
    }
  }

  private void reclaim() {
    Block lost = block;
    if (lost == null) {
      return;
    }
    LEAKED.addAndGet(bytes);
    if (origin != null) {
      LOG.warn("a tensor of {} bytes was never closed", bytes, origin);
    } else if (WARNED.compareAndSet(false, true)) {
      LOG.warn(
          "a tensor of {} bytes was never closed and had to wait for the garbage collector;"
              + " use a Scope, or set -D{}=true to see where such tensors are made",
          bytes,
          Storage.TRACE_PROPERTY);
    }
    end();
    lost.free();
  }
}
