package io.kindling.spark.train;

import io.kindling.KindlingException;
import io.kindling.distributed.DistributedException;

/** Training that failed on one worker in a way that would repeat itself. */
final class WorkerException extends TrainingException {
  private static final long serialVersionUID = 1L;

  private WorkerException(String message, StackTraceElement[] stack) {
    super(message);
    setStackTrace(stack);
  }

  /**
   * Makes one from what was thrown. Only text and stack travel to the driver, as it may lack the
   * class of what was thrown.
   *
   * @param where the worker and how far it had come
   */
  static WorkerException of(Throwable thrown, String where) {
    String what = thrown instanceof KindlingException ? thrown.getMessage() : thrown.toString();
    return new WorkerException(where + ": " + what, thrown.getStackTrace());
  }

  /**
   * Whether another worker ended the group with an exception of this class. The group passes on no
   * more than the text of a failure, which names the class.
   */
  static boolean isCauseOf(DistributedException aborted) {
    return String.valueOf(aborted.getMessage()).contains(WorkerException.class.getName());
  }
}
