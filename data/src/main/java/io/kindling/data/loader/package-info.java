/**
 * Batches: {@link io.kindling.data.loader.DataLoader} reads a dataset in a sampler's order, on
 * worker threads if asked, and hands out a {@link io.kindling.data.loader.Batch} at a time.
 *
 * <p>Samples that are not tensors of one shape need a {@link io.kindling.data.loader.Collate} of
 * their own, which pads them or makes tensors of them.
 */
package io.kindling.data.loader;
