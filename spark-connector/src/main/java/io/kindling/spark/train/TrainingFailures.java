package io.kindling.spark.train;

import io.kindling.KindlingException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;

/** Finds the one sentence that matters in what Spark reports of a failed job. */
final class TrainingFailures {
  /** A Kindling exception in the text of a task's failure, up to its stack. */
  private static final Pattern IN_TEXT =
      Pattern.compile(
          "io\\.kindling\\.[\\w.$]*Exception: (.*?)(?=\\n\\s+at |\\nCaused by: |\\nDriver stacktrace|\\z)",
          Pattern.DOTALL);

  private TrainingFailures() {}

  /** A clear exception if a part of Kindling failed, otherwise what Spark threw. */
  static RuntimeException explain(Exception thrown) {
    if (thrown instanceof KindlingException known) {
      return known;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof KindlingException) {
        return new TrainingException(cause.getMessage(), thrown);
      }
    }
    if (thrown instanceof SparkException) {
      Matcher matcher = IN_TEXT.matcher(String.valueOf(thrown.getMessage()));
      if (matcher.find()) {
        return new TrainingException(matcher.group(1).strip(), thrown);
      }
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new TrainingException("the training job failed: " + thrown.getMessage(), thrown);
  }
}
