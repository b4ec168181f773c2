package io.kindling.spark.feed;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The order of rows by source partition and index there. Rows arrive from a shuffle in an order
 * that differs from run to run; sorted, the same data gives the same training. Rows that were never
 * shuffled are in order as they are.
 */
final class GlobalOrder {
  private GlobalOrder() {}

  /**
   * The positions in the file of the first, second ... row of the order.
   *
   * @throws FeedException if two rows have the same place
   */
  static int[] of(MappedBatches batches) {
    int rows = batches.rows();
    if (isSorted(batches)) {
      return IntStream.range(0, rows).toArray();
    }
    long mostPartition = 0;
    long mostIndex = 0;
    for (int row = 0; row < rows; row++) {
      mostPartition |= batches.partition(row);
      mostIndex |= batches.index(row);
    }
    int indexBits = Long.SIZE - Long.numberOfLeadingZeros(mostIndex);
    int partitionBits = Long.SIZE - Long.numberOfLeadingZeros(mostPartition);
    if (indexBits + partitionBits >= Long.SIZE) {
      throw new FeedException(
          "row indices up to "
              + mostIndex
              + " in partitions up to "
              + mostPartition
              + " cannot be ordered; expected none negative, and fewer than 2^63 places together");
    }
    // Primitive keys, sorted, and then a search for each row: no object a row.
    long[] keys = new long[rows];
    for (int row = 0; row < rows; row++) {
      keys[row] = key(batches, row, indexBits);
    }
    Arrays.sort(keys);
    for (int i = 1; i < rows; i++) {
      if (keys[i] == keys[i - 1]) {
        long partition = indexBits == 0 ? keys[i] : keys[i] >>> indexBits;
        long index = keys[i] - (partition << indexBits);
        throw new FeedException(
            "two rows are row "
                + index
                + " of partition "
                + partition
                + ": the source gave other rows when it was read again; cache() or write it first");
      }
    }
    int[] order = new int[rows];
    for (int row = 0; row < rows; row++) {
      order[Arrays.binarySearch(keys, key(batches, row, indexBits))] = row;
    }
    return order;
  }

  private static boolean isSorted(MappedBatches batches) {
    for (int row = 1; row < batches.rows(); row++) {
      int partitions = Integer.compare(batches.partition(row - 1), batches.partition(row));
      if (partitions > 0 || (partitions == 0 && batches.index(row - 1) >= batches.index(row))) {
        return false;
      }
    }
    return true;
  }

  private static long key(MappedBatches batches, int row, int indexBits) {
    return (long) batches.partition(row) << indexBits | batches.index(row);
  }
}
