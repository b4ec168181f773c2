/**
 * Plain-Java kernels: the machinery that walks strides, broadcasts, converts types and reduces, for
 * the loops that the ops bring. It is complete: the oracle for every other backend, and what runs
 * where no native library loads.
 *
 * <p>Tensors lie outside the heap, but loops run over arrays: {@code Blocks} copies some thousand
 * elements into the arrays that each thread keeps ({@code Operands}), the loop calculates, and
 * {@code Blocks} writes the result back. The compiler vectorises loops over arrays and never those
 * over raw memory, which is worth far more than the copy costs (docs/adr/0006). It does so only
 * where all arrays are read and written at the same index {@code i}, and where nothing in the loop
 * becomes a branch; a single running sum stays one by one, and so do calls of {@code Math}'s
 * functions, of which {@code LogarithmLoop} and {@code SineLoop} are polynomials instead.
 */
package io.kindling.backend.cpu;
