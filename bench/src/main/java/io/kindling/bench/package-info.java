/**
 * How fast Kindling is beside LibTorch and Spark ML: {@link io.kindling.bench.Bench}, which {@code
 * bin/kindling bench} starts. Nothing here is shipped, and nothing else may depend on it.
 *
 * <ul>
 *   <li>{@code model} says what is measured, once for both sides: networks and operations;
 *   <li>{@code ours} and {@code libtorch} each do it their own way;
 *   <li>{@code spark} holds both sides of what runs inside a Spark application;
 *   <li>{@code harness} starts a process for each measurement, measures, and reports.
 * </ul>
 *
 * <p>To add a case, write it into its suite in {@code model.Suites}; to add an operation, describe
 * it in {@code model.OpKind} and write how each side does it: a line in {@code ours.Operations}, in
 * {@code libtorch.Operations} and in {@code steps.py}.
 */
package io.kindling.bench;
