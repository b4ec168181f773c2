/**
 * What every module's tests use: {@link io.kindling.testing.LeakCheck} runs after each test by
 * itself; {@link io.kindling.autograd.GradCheck} compares gradients with differences.
 *
 * <p>Functions that PyTorch has are covered by {@link io.kindling.testing.Surface}: add the name to
 * a family of {@code src/test/python/surface} and run it. {@code SurfaceTest} finds the Java method
 * by itself; what has none yet stands in {@code surface/missing.txt}.
 */
package io.kindling.testing;
