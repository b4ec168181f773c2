package io.kindling.bench.harness;

/**
 * What one process found, in the unit of its case.
 *
 * @param value by the clock: the median of the steps, or the one figure
 * @param processorValue the same by the processor time of the whole process, its compiler and
 *     collector included; NaN where that says nothing
 * @param cores the processor time over the clock's
 * @param othersCores how many of the process's cores others used meanwhile; 0 if unknown
 * @param check what both sides must agree on
 * @param samples how many steps the median is of
 */
public record Measurement(
    double value,
    double processorValue,
    double cores,
    double othersCores,
    double check,
    long samples) {
  /** The same under another figure. */
  Measurement of(double value, long samples) {
    return new Measurement(value, processorValue, cores, othersCores, check, samples);
  }
}
