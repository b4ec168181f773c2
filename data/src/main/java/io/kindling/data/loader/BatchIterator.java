package io.kindling.data.loader;

import io.kindling.data.DataException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * One epoch under way. Used by one thread; the batches belong to its current scope.
 *
 * <p>The order is that of the questions, not of the answers: worker w is given the batches w, w +
 * W, ... and the consumer waits for them in turn. Each worker has one thread and a queue of its
 * own, so that a stream's shard is read by one thread only.
 */
public final class BatchIterator implements Iterator<Batch>, AutoCloseable {
  private final Fetcher fetcher;
  private final List<ExecutorService> workers = new ArrayList<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Consumer<BatchIterator> onClose;
  private volatile boolean closed;

  /** The next batch's tensors, in no scope, or null if they were not asked for yet. */
  private List<Tensor> ready;

  private record Pending(int worker, Future<List<Tensor>> tensors) {}

  BatchIterator(
      Fetcher fetcher, int numWorkers, int prefetchFactor, Consumer<BatchIterator> onClose) {
    this.fetcher = fetcher;
    this.onClose = onClose;
    for (int worker = 0; worker < numWorkers; worker++) {
      String name = "kindling-loader-" + worker;
      workers.add(
          Executors.newSingleThreadExecutor(
              body -> {
                Thread thread = new Thread(body, name);
                thread.setDaemon(true);
                return thread;
              }));
    }
    try {
      for (int ahead = 0; ahead < prefetchFactor; ahead++) {
        for (int worker = 0; worker < numWorkers; worker++) {
          submit(worker);
        }
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Waits for the next batch; throws what reading it threw. */
  @Override
  public boolean hasNext() {
    if (ready == null && !closed) {
      try {
        ready = workers.isEmpty() ? readHere() : takeFromWorkers();
      } catch (RuntimeException | Error e) {
        close();
        throw e;
      }
      if (ready == null) {
        close();
      }
    }
    return ready != null;
  }

  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has no more batches");
    }
    Batch batch = new Batch(ready);
    ready = null;
    return batch;
  }

  /** Ends the epoch: waits for samples that are being read, and frees what was read ahead. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    workers.forEach(ExecutorService::shutdown);
    try {
      while (!pending.isEmpty()) {
        free(await(pending.poll()));
      }
      fetcher.close();
    } finally {
      free(ready);
      ready = null;
      onClose.accept(this);
    }
  }

  private List<Tensor> readHere() {
    Callable<List<Tensor>> work = fetcher.next(0);
    try {
      return work == null ? null : read(work);
    } catch (Exception e) {
      throw unchecked(e);
    }
  }

  private List<Tensor> takeFromWorkers() {
    while (!pending.isEmpty()) {
      Pending head = pending.poll();
      List<Tensor> tensors;
      try {
        tensors = head.tensors.get();
      } catch (ExecutionException e) {
        throw unchecked(e.getCause());
      } catch (InterruptedException e) {
        pending.addFirst(head);
        Thread.currentThread().interrupt();
        throw new DataException("interrupted while waiting for a batch", e);
      }
      // A worker that has run out has nothing to offer in its later turns either.
      if (tensors != null) {
        submit(head.worker);
        return tensors;
      }
    }
    return null;
  }

  private void submit(int worker) {
    Callable<List<Tensor>> work = fetcher.next(worker);
    if (work != null) {
      pending.add(new Pending(worker, workers.get(worker).submit(() -> read(work))));
    }
  }

  /** Does a piece of work, unless it is too late for it; all but the result ends here. */
  private List<Tensor> read(Callable<List<Tensor>> work) throws Exception {
    if (closed) {
      return null;
    }
    try (Scope scope = Scope.open()) {
      List<Tensor> tensors = work.call();
      return tensors == null ? null : Batch.own(tensors);
    }
  }

  /** The result of work that nobody wants any more; its failure does not matter either. */
  private static List<Tensor> await(Pending unwanted) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return unwanted.tensors.get();
        } catch (ExecutionException e) {
          return null;
        } catch (InterruptedException e) {
          interrupted = true; // what the worker holds must be freed all the same
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void free(List<Tensor> tensors) {
    if (tensors != null) {
      tensors.forEach(Tensor::close);
    }
  }

  /** What the worker threw, as it is where the compiler allows it. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new DataException("cannot read a batch: " + failure.getMessage(), failure);
  }
}
