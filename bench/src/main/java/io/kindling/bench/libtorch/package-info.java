/**
 * LibTorch's side of the cases, through its Java binding: a JNI call a layer, a {@code
 * PointerScope} a step, the fastest of what the binding offers.
 */
package io.kindling.bench.libtorch;
