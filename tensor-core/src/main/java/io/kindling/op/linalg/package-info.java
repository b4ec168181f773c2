/**
 * Linear algebra of batches of matrices: factorisations, solvers, determinants. Users find them on
 * {@link io.kindling.tensor.Linalg}. An operation is a {@link io.kindling.op.linalg.LinalgOp},
 * which gives it its name and the checks of its shape rule; its kernel visits the matrices with
 * {@link io.kindling.backend.cpu.MatrixLoop} and has each factorised by {@link
 * io.kindling.backend.cpu.Lapack}, in double precision for both types. What can be put together
 * from these and from products is a method of Linalg and no operation.
 */
package io.kindling.op.linalg;
