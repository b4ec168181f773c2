package io.kindling.bench.harness;

/**
 * What one process found.
 *
 * @param median of the time of a step, in nanoseconds of the clock
 * @param processorTime of a step, in nanoseconds: what the whole process used, its compiler and
 *     collector included
 * @param cores the processor time over the clock's
 * @param check what both sides must agree on
 * @param samples how many steps the median is of
 */
public record Measurement(
    double median, double processorTime, double cores, double check, long samples) {}
