package io.kindling.memory;

/**
 * What an allocator holds, in bytes.
 *
 * @param inUse held by live storages
 * @param cached freed by storages and kept for the next allocation
 * @param peakInUse the largest {@code inUse} so far
 * @param limit what {@code inUse + cached} may not exceed
 * @param allocations how many allocations there were, cached or not
 * @param leaked what the garbage collector had to reclaim because nothing closed it
 */
public record MemoryStatistics(
    long inUse, long cached, long peakInUse, long limit, long allocations, long leaked) {}
