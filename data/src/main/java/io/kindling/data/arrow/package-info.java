/**
 * Arrow vectors as tensors and tensors as Arrow vectors, on the same memory. {@link
 * io.kindling.data.arrow.ArrowTensors} is the way in; {@link io.kindling.data.arrow.VectorMemory}
 * makes each side hold the other's memory for as long as it looks at it.
 *
 * <p>To add an element type, add its line to {@link io.kindling.data.arrow.ElementTypes}.
 */
package io.kindling.data.arrow;
