package io.kindling.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** Runs commands in this JVM. */
final class Commands {
  private Commands() {}

  /** What a command printed, errors included. */
  static String run(int expectedCode, String... arguments) {
    StringWriter text = new StringWriter();
    CommandLine line = Kindling.commandLine(arguments);
    line.setOut(new PrintWriter(text, true));
    line.setErr(new PrintWriter(text, true));
    int code = line.execute(arguments);
    assertThat(code).as(text.toString()).isEqualTo(expectedCode);
    return text.toString();
  }
}
