package io.kindling.nn;

import java.math.BigDecimal;

/** Values as Python prints them, since modules are printed as PyTorch prints them. */
final class Repr {
  private Repr() {}

  static String of(boolean flag) {
    return flag ? "True" : "False";
  }

  static String of(double number) {
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-4 || size >= 1e16)) {
      String[] parts = Double.toString(number).split("E");
      int exponent = Integer.parseInt(parts[1]);
      String mantissa = parts[0].endsWith(".0") ? parts[0].replace(".0", "") : parts[0];
      return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
    String plain = new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  static String tuple(int[] pair) {
    return "(" + pair[0] + ", " + pair[1] + ")";
  }

  /** One number where both are the same. */
  static String pair(int[] pair) {
    return pair[0] == pair[1] ? Integer.toString(pair[0]) : tuple(pair);
  }
}
