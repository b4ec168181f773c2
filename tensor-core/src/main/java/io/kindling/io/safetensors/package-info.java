/**
 * The safetensors format: weights as a JSON header and raw little-endian values. {@link
 * io.kindling.io.safetensors.Safetensors} reads and writes; {@link
 * io.kindling.io.safetensors.Header} is the format's rules.
 *
 * <p>To support another element type, add it to {@code DType} and to {@link
 * io.kindling.io.safetensors.SafetensorsType}.
 */
package io.kindling.io.safetensors;
