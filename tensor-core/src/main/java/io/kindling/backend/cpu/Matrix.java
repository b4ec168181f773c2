package io.kindling.backend.cpu;

import io.kindling.tensor.DType;

/**
 * A matrix in memory, of float32 or float64 elements in any strided layout. LAPACK works on arrays
 * of doubles in column-major order, so both types are calculated in double precision.
 *
 * @param rowStep the bytes from an element to the one below it
 * @param columnStep the bytes from an element to the one on its right
 */
public record Matrix(
    DType dtype, long address, int rows, int columns, long rowStep, long columnStep) {
  /** The elements column by column. */
  public double[] read() {
    return read(rows);
  }

  /** As {@link #read()}, with each column in {@code leading >= rows} places, the rest zeros. */
  public double[] read(int leading) {
    double[] values = new double[ArrayLength.of(leading, columns)];
    for (int j = 0, at = 0; j < columns; j++, at += leading) {
      long from = address + j * columnStep;
      for (int i = 0; i < rows; i++) {
        values[at + i] = dtype.readDouble(from + i * rowStep);
      }
    }
    return values;
  }

  /** Writes all elements, given column by column. */
  public void write(double[] values) {
    write(values, rows);
  }

  /** As {@link #write(double[])}, of columns that lie {@code leading} places apart. */
  public void write(double[] values, int leading) {
    for (int j = 0, at = 0; j < columns; j++, at += leading) {
      long to = address + j * columnStep;
      for (int i = 0; i < rows; i++) {
        dtype.writeDouble(to + i * rowStep, values[at + i]);
      }
    }
  }

  /** Writes the one element of a number. */
  public void set(double value) {
    dtype.writeDouble(address, value);
  }

  /** Gives all elements one value. */
  public void fill(double value) {
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i < rows; i++) {
        dtype.writeDouble(address + i * rowStep + j * columnStep, value);
      }
    }
  }

  /** Whether no element is NaN or infinite. */
  public static boolean isFinite(double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The elements of {@code rows x columns} values of which those off the main diagonal are 0. */
  public static double[] identity(int rows, int columns) {
    double[] values = new double[ArrayLength.of(rows, columns)];
    for (int i = 0; i < Math.min(rows, columns); i++) {
      values[i + i * rows] = 1;
    }
    return values;
  }
}
