/**
 * What every module's tests use: {@link io.kindling.testing.LeakCheck} runs after each test by
 * itself, {@link io.kindling.testing.GradientCheck} compares gradients with differences.
 *
 * <p>To test an op, add a line to {@code src/test/python/golden.py}, run it, and add the same case
 * to {@link io.kindling.testing.OpTable}: its values, gradients and gradients of gradients are then
 * checked on every backend, in every layout, and at the sizes that the line names.
 */
package io.kindling.testing;
