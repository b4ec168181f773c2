/**
 * What every module's tests use: {@link io.kindling.testing.LeakCheck} runs after each test by
 * itself, {@link io.kindling.testing.GradientCheck} compares gradients with differences.
 */
package io.kindling.testing;
