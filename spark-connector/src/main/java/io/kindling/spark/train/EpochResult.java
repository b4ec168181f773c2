package io.kindling.spark.train;

import java.io.Serializable;

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
    implements Serializable {}
