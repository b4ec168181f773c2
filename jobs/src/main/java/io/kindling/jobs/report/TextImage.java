package io.kindling.jobs.report;

import java.util.ArrayList;
import java.util.List;

/** A small grey image as lines of text: the darker the ink, the denser the character. */
public final class TextImage {
  private static final String RAMP = " .:-=+*#%@";
  private static final int LARGEST = 28;

  private TextImage() {}

  /**
   * Draws a row-major image, two characters a pixel so that it is as wide as it is high.
   *
   * @param pixels {@code height * width} values
   * @param maximum the value of full ink
   */
  public static List<String> lines(double[] pixels, int height, int width, double maximum) {
    int step = Math.max(1, (Math.max(height, width) + LARGEST - 1) / LARGEST);
    List<String> lines = new ArrayList<>();
    for (int y = 0; y < height; y += step) {
      StringBuilder line = new StringBuilder();
      for (int x = 0; x < width; x += step) {
        double ink = Math.min(Math.max(pixels[y * width + x] / maximum, 0), 1);
        char dot = RAMP.charAt((int) Math.round(ink * (RAMP.length() - 1)));
        line.append(dot).append(dot);
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /** Pictures beside each other, each under its caption. */
  public static List<String> beside(List<List<String>> pictures, List<String> captions) {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    for (int i = 0; i < pictures.size(); i++) {
      head.append(
          String.format(
              "%-" + (width(pictures.get(i), captions.get(i)) + 3) + "s", captions.get(i)));
    }
    lines.add(head.toString().stripTrailing());
    int height = pictures.stream().mapToInt(List::size).max().orElse(0);
    for (int y = 0; y < height; y++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < pictures.size(); i++) {
        String part = y < pictures.get(i).size() ? pictures.get(i).get(y) : "";
        line.append(
            String.format("%-" + (width(pictures.get(i), captions.get(i)) + 3) + "s", part));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int width(List<String> picture, String caption) {
    return Math.max(caption.length(), picture.stream().mapToInt(String::length).max().orElse(0));
  }
}
