package io.kindling.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switch is read when the JVM starts, so what it does is seen in one of its own. */
class LeakTraceTest {
  @TempDir Path folder;

  /** Leaves a scope open and forgets a tensor outside of one. */
  static final class Leaking {
    private Leaking() {}

    static Tensor inAScope() {
      return Tensor.ones(1000).exp();
    }

    static void inNone() {
      Tensor.ones(10);
    }

    public static void main(String[] arguments) {
      Scope.open();
      inAScope();
      try (Scope closed = Scope.open()) {
        inAScope().mul(2);
      }
      inNone();
      System.out.println(Storage.live());
    }
  }

  @Test
  void memoryInUseSaysWhereItWasAllocated() throws Exception {
    String report = run("-D" + Storage.TRACE_PROPERTY + "=true");
    String[] places = report.split("(?m)^(?=\\d+ with )");
    // The numbers one and their exponential, made on two lines of the engine by one of the test.
    assertThat(places[0]).startsWith("1 with 4000 bytes, allocated at\n");
    assertThat(places[0]).contains("LeakTraceTest$Leaking.inAScope(LeakTraceTest.java:");
    assertThat(places[1]).startsWith("1 with 4000 bytes, allocated at\n");
    assertThat(places[2]).startsWith("1 with 40 bytes, allocated at\n");
    assertThat(places[2]).contains("LeakTraceTest$Leaking.inNone(LeakTraceTest.java:");
    assertThat(places).hasSize(3);
  }

  @Test
  void withoutTheSwitchNothingIsTraced() throws Exception {
    assertThat(run("-D" + Storage.TRACE_PROPERTY + "=false")).isBlank();
  }

  private String run(String property) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(property);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Leaking.class.getName()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isZero();
    return java.nio.file.Files.readString(output, StandardCharsets.UTF_8);
  }
}
