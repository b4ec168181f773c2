/**
 * Products of matrices. The plain-Java kernel is {@link io.kindling.backend.cpu.MatMulLoop}.
 *
 * <p>{@link io.kindling.op.matmul.LinearRelu} is two operations in one, for {@link
 * io.kindling.nn.Sequential}: of large batches each pass over memory counts. Two are worth one
 * where the second reads nothing but what the first has just written.
 */
package io.kindling.op.matmul;
