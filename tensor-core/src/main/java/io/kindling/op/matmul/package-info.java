/** Products of matrices. The plain-Java kernel is {@link io.kindling.backend.cpu.MatMulLoop}. */
package io.kindling.op.matmul;
