/**
 * Where samples come from: a {@link io.kindling.data.Dataset} answers by index, an {@link
 * io.kindling.data.IterableDataset} streams. {@code data.sampler} chooses the order, {@code
 * data.loader} makes batches, {@code data.arrow} shares memory with Arrow, {@code data.idx} reads
 * MNIST's format, {@code data.fs} opens files wherever they lie.
 *
 * <p>To add a dataset, implement {@code Dataset} (or {@code IterableDataset}); a file format gets a
 * package of its own that reads a {@link io.kindling.data.fs.DataFile}.
 */
package io.kindling.data;
