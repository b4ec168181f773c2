/** Kindling's side of the cases, written as a user of the engine would. */
package io.kindling.bench.ours;
