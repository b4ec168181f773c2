/**
 * The order in which samples are read. A {@link io.kindling.data.sampler.Sampler} keeps no state:
 * the epoch is an argument, so a run that resumes asks for the same order again.
 *
 * <p>To add an order, implement {@code Sampler}; {@link io.kindling.data.sampler.BatchSampler} cuts
 * any of them into batches.
 */
package io.kindling.data.sampler;
