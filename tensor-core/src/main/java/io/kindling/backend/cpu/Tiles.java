package io.kindling.backend.cpu;

/**
 * Cuts a walk into tiles of {@link #rows} adjacent rows and {@link #length} elements of each. Short
 * rows come many at a time. Where an operand lies the other way round, so that its rows are closer
 * to each other than the elements of a row are, tiles are about as high as wide, to use whole cache
 * lines of it.
 */
final class Tiles {
  private static final int TURNED_ROWS = 32;

  /** The present tile's extent. */
  int rows;

  int length;

  /** The present tile's first element of each operand, in elements from the operand's start. */
  final long[] offsets;

  private final Walk walk;
  private final long allRows;
  private final int mostRows;
  private final int mostLength;
  private final long[] index;
  private final long[] starts;
  private long row;
  private long column;

  Tiles(Walk walk) {
    this.walk = walk;
    int depth = walk.sizes.length;
    int operands = walk.strides.length;
    this.allRows = depth > 1 ? walk.sizes[depth - 2] : 1;
    boolean turned = false;
    for (int k = 0; k < operands; k++) {
      turned |= rowStep(k) != 0 && rowStep(k) < walk.rowStride(k);
    }
    int size = turned ? Operands.LENGTH : Blocks.SIZE;
    long least = turned ? Math.min(allRows, TURNED_ROWS) : 1;
    this.mostLength = (int) Math.min(walk.rowLength(), size / least);
    this.mostRows = (int) Math.min(allRows, size / mostLength);
    this.index = new long[depth];
    this.starts = new long[operands];
    this.offsets = new long[operands];
    settle();
  }

  /** The elements from one row of an operand to the next. */
  long rowStep(int operand) {
    int depth = walk.sizes.length;
    return depth > 1 ? walk.strides[operand][depth - 2] : 0;
  }

  /** Goes to the next tile; false if there is none. */
  boolean next() {
    column += length;
    if (column == walk.rowLength()) {
      column = 0;
      row += rows;
    }
    if (row == allRows) {
      row = 0;
      if (!walk.advance(index, starts, walk.sizes.length - 2)) {
        return false;
      }
    }
    settle();
    return true;
  }

  private void settle() {
    rows = (int) Math.min(mostRows, allRows - row);
    length = (int) Math.min(mostLength, walk.rowLength() - column);
    for (int k = 0; k < offsets.length; k++) {
      offsets[k] = starts[k] + row * rowStep(k) + column * walk.rowStride(k);
    }
  }
}
