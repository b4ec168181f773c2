/**
 * What is measured, told once and done by both sides: {@link io.kindling.bench.model.NetworkCase},
 * {@link io.kindling.bench.model.OpCase} with the operations of {@link
 * io.kindling.bench.model.OpKind}, {@link io.kindling.bench.model.ChainCase}, and the suites they
 * form.
 */
package io.kindling.bench.model;
