/**
 * Plain-Java kernels on off-heap memory: the machinery that walks strides, broadcasts, converts
 * types and reduces, for the loops that the ops bring. It is complete: the oracle for every other
 * backend, and what runs where no native library loads.
 */
package io.kindling.backend.cpu;
