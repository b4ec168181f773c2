package io.kindling.jobs.report;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows how far a training has come: a bar that is redrawn on a terminal, and elsewhere a plain
 * line each time a tenth of the whole is done.
 */
public final class TerminalProgress {
  private static final int WIDTH = 30;
  private static final int PLAIN_LINES = 10;

  private final PrintStream out;
  private final boolean terminal;
  private long firstTime;
  private double firstDone = -1;
  private long plainLines = -1;
  private boolean drawn;

  public TerminalProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * Shows a state of the training.
   *
   * @param epoch the current epoch, from 1
   * @param epochs how many there will be
   * @param step steps done in this epoch
   * @param steps steps an epoch has
   * @param rowsPerSecond how fast it goes
   * @param loss the latest loss
   */
  public synchronized void show(
      int epoch, int epochs, long step, long steps, double rowsPerSecond, double loss) {
    double done = (epoch - 1 + (steps == 0 ? 0 : (double) step / steps)) / epochs;
    // What came before the first report (starting Spark, reading rows) says nothing of what is
    // left.
    if (firstDone < 0) {
      firstDone = done;
      firstTime = System.nanoTime();
    }
    double gained = done - firstDone;
    double seconds = (System.nanoTime() - firstTime) / 1e9;
    String state =
        String.format(
            Locale.ROOT,
            "epoch %d/%d  step loss %.4f  %,.0f rows/s%s",
            epoch,
            epochs,
            loss,
            rowsPerSecond,
            gained > 0 ? "  " + duration(seconds * (1 - done) / gained) + " left" : "");
    if (terminal) {
      int filled = (int) Math.round(done * WIDTH);
      out.printf(
          "\r[%s%s] %3.0f%%  %s\033[K",
          "#".repeat(filled), ".".repeat(WIDTH - filled), 100 * done, state);
      out.flush();
      drawn = true;
    } else if ((long) (done * PLAIN_LINES) > plainLines) {
      plainLines = (long) (done * PLAIN_LINES);
      out.printf("%3.0f%%  %s%n", 100 * done, state);
    }
  }

  /** Ends the bar's line. */
  public synchronized void finish() {
    if (drawn) {
      out.println();
      drawn = false;
    }
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : whole < 3600
            ? whole / 60 + " min " + whole % 60 + " s"
            : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }
}
