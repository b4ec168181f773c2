/**
 * How it is measured. {@link io.kindling.bench.harness.Rounds} starts a process for each side of
 * each case, in turn, pinned to cores ({@link io.kindling.bench.harness.PinnedProcess}); in it
 * {@link io.kindling.bench.harness.Worker} lets JMH time {@link io.kindling.bench.harness.Steps},
 * {@link io.kindling.bench.harness.SparkWorker} and {@link io.kindling.bench.harness.FeedWorker}
 * are whole applications with both sides in them, {@link io.kindling.bench.harness.MemoryWorker}
 * looks at memory, and {@link io.kindling.bench.harness.Floors} finds out what the machine could do
 * at best. {@link io.kindling.bench.harness.Report} prints what came of it.
 */
package io.kindling.bench.harness;
