package io.kindling.tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * How all elements of one printed tensor are written: as wide as the widest, and as integers, with
 * decimals or in scientific notation, whichever suits them all. The rules are PyTorch's.
 */
final class ElementFormat {
  private static final double RANGE = 1000;
  private static final double LARGEST = 1e8;
  private static final double SMALLEST = 1e-4;

  private final int precision;
  private boolean whole = true;
  private boolean scientific;
  private int width = 1;

  private ElementFormat(int precision) {
    this.precision = precision;
  }

  /** The format for floating values. */
  static ElementFormat of(double[] values, PrintOptions options) {
    ElementFormat format = new ElementFormat(options.precision());
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (double value : values) {
      if (counts(value)) {
        smallest = Math.min(smallest, Math.abs(value));
        largest = Math.max(largest, Math.abs(value));
        format.whole &= value == Math.rint(value);
      }
    }
    if (largest == 0) {
      return format; // nothing that would ask for more than "0."
    }
    format.scientific =
        options.sciMode() != null
            ? options.sciMode()
            : largest / smallest > RANGE || largest > LARGEST || smallest < SMALLEST;
    for (double value : values) {
      if (counts(value)) {
        format.width = Math.max(format.width, format.text(value).length());
      }
    }
    return format;
  }

  /** The format for integers and booleans, already written. */
  static ElementFormat of(String[] values) {
    ElementFormat format = new ElementFormat(0);
    for (String value : values) {
      format.width = Math.max(format.width, value.length());
    }
    return format;
  }

  /** Zeros, infinities and NaN have no say in the choice. */
  private static boolean counts(double value) {
    return value != 0 && Double.isFinite(value);
  }

  int width() {
    return width;
  }

  String format(double value) {
    return padded(text(value));
  }

  String padded(String text) {
    return " ".repeat(Math.max(width - text.length(), 0)) + text;
  }

  private String text(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    // A value that rounds to zero, and a negative zero, keep their sign.
    String sign = Math.copySign(1, value) < 0 ? "-" : "";
    BigDecimal exact = new BigDecimal(Math.abs(value));
    if (scientific) {
      return sign + scientific(exact);
    }
    int decimals = whole ? 0 : precision;
    String digits = exact.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    return sign + digits + (whole ? "." : "");
  }

  private String scientific(BigDecimal exact) {
    MathContext context = new MathContext(precision + 1, RoundingMode.HALF_EVEN);
    BigDecimal rounded = exact.round(context);
    int exponent = exact.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa = rounded.movePointLeft(exponent).setScale(precision).toPlainString();
    int magnitude = Math.abs(exponent);
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + (magnitude < 10 ? "0" : "") + magnitude;
  }
}
