package io.kindling.data.loader;

import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.concurrent.Callable;

/** Deals an epoch's work. Asked by the consumer only; the work itself runs on a worker. */
interface Fetcher {
  /**
   * What the worker is to do next: read a batch, or null if its samples turn out to be used up.
   * Null instead of work when that is known already.
   */
  Callable<List<Tensor>> next(int worker);

  /** Ends what is open. Called when no work runs any more. */
  default void close() {}
}
