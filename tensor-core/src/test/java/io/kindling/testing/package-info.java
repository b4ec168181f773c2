/**
 * What every module's tests use: {@link io.kindling.testing.LeakCheck} runs after each test by
 * itself; {@link io.kindling.autograd.GradCheck} compares gradients with differences.
 *
 * <p>To test an op, add a line to {@code src/test/python/golden.py}, run it, and add the same case
 * to {@link io.kindling.testing.OpTable}: its values, gradients and gradients of gradients are then
 * checked on every backend, in every layout, and at the sizes that the line names.
 *
 * <p>Functions that PyTorch has are covered by {@link io.kindling.testing.Surface}: add the name to
 * a family of {@code src/test/python/surface} and run it. {@code SurfaceTest} finds the Java method
 * by itself; what has none yet stands in {@code surface/missing.txt}.
 */
package io.kindling.testing;
