/**
 * Off-heap memory: {@link io.kindling.memory.Storage} is a counted piece of it, {@link
 * io.kindling.memory.Scope} decides when handles on it end, {@link
 * io.kindling.memory.CachingAllocator} keeps freed blocks for the next step, and {@link
 * io.kindling.memory.MemoryStatistics} accounts for every byte.
 *
 * <p>With {@code -Dkindling.leak.trace=true} {@link io.kindling.memory.Storage#live} says where
 * each tensor was made that is still in use, such as those of a scope that nobody closed.
 *
 * <p>To add a device's memory, implement {@link io.kindling.memory.Allocator} and {@link
 * io.kindling.memory.Block} and return the allocator from the device's backend.
 */
package io.kindling.memory;
