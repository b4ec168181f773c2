package io.kindling.spark.train;

import java.io.Serializable;
import java.util.Locale;

/**
 * What one epoch came to, over all workers.
 *
 * @param epoch its number, from 1
 * @param trainLoss mean cross entropy of the rows learned, as they were met
 * @param validationLoss mean cross entropy of the validation rows after the epoch, NaN without any
 * @param validationAccuracy share of the validation rows classified rightly, NaN without any
 * @param rowsPerSecond rows learned a second, of all workers together
 */
public record EpochResult(
    int epoch,
    double trainLoss,
    double validationLoss,
    double validationAccuracy,
    double rowsPerSecond)
    implements Serializable {

  /** Whether there were validation rows. */
  public boolean hasValidation() {
    return !Double.isNaN(validationAccuracy);
  }

  /** One line for a log. */
  @Override
  public String toString() {
    String measured =
        hasValidation()
            ? String.format(
                Locale.ROOT,
                ", validation loss %.4f, accuracy %.4f",
                validationLoss,
                validationAccuracy)
            : "";
    return String.format(
        Locale.ROOT,
        "epoch %d: loss %.4f%s, %.0f rows/s",
        epoch,
        trainLoss,
        measured,
        rowsPerSecond);
  }
}
