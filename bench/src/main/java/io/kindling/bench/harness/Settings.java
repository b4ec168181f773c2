package io.kindling.bench.harness;

/**
 * How much is measured.
 *
 * @param threads of every process, each pinned to as many cores
 * @param rounds in which both sides take turns
 * @param warmUpSeconds of processor time before anything is timed
 * @param seconds of the clock that are timed, in each process
 * @param rows of the images of Spark's suites
 * @param data the folder with Fashion-MNIST's files; empty if images are made up
 */
public record Settings(
    int threads, int rounds, double warmUpSeconds, double seconds, int rows, String data) {}
