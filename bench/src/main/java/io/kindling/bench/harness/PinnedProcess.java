package io.kindling.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.BenchException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that has the cores it may use and no others, as far as {@code taskset} is present:
 * LibTorch and its OpenBLAS each have a number of threads of their own, and one of them ignores
 * what it is told.
 */
public final class PinnedProcess {
  /** What the line with the result starts with. */
  private static final String RESULT = "kindling-bench ";

  private static final long LIMIT_MINUTES = 15;

  private final int threads;
  private final List<String> prefix;

  PinnedProcess(int threads) {
    this.threads = threads;
    this.prefix = pinning(threads);
  }

  /** Whether processes are held to their cores, or only told how many threads to use. */
  boolean isPinned() {
    return !prefix.isEmpty();
  }

  /** In the process: hands its result to the one that started it. */
  public static void answer(Object result) throws IOException {
    System.out.println(RESULT + JsonMapper.builder().build().writeValueAsString(result));
  }

  /** Runs {@code main} in a JVM, as {@link #run(List, int, int, String, Class)}. */
  <R> R run(Jvm jvm, int blasThreads, Class<?> main, Class<R> result, Object... arguments) {
    return run(
        jvm.command(threads, main, arguments),
        jvm.threadsOfCalls(threads),
        blasThreads,
        main.getSimpleName() + " " + Arrays.toString(arguments),
        result);
  }

  /**
   * Runs a command on the cores of this, and reads its result.
   *
   * @param threadsOfCalls what OpenMP is told
   * @param blasThreads what OpenBLAS is told
   * @param what names it in messages
   * @throws BenchException with its output, if it gives none
   */
  <R> R run(
      List<String> command, int threadsOfCalls, int blasThreads, String what, Class<R> result) {
    List<String> pinned = new ArrayList<>(prefix);
    pinned.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(pinned).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("OMP_NUM_THREADS", Integer.toString(threadsOfCalls));
    environment.put("OPENBLAS_NUM_THREADS", Integer.toString(blasThreads));
    environment.put("MKL_NUM_THREADS", Integer.toString(threadsOfCalls));
    // Spinning threads made two threads ten times slower than one.
    environment.put("OMP_WAIT_POLICY", "PASSIVE");
    try {
      return answer(builder, what, result);
    } catch (IOException e) {
      throw new BenchException("the process of " + what + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while measuring", e);
    }
  }

  private static <R> R answer(ProcessBuilder builder, String what, Class<R> result)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("kindling-bench", ".log");
    Process process = null;
    try {
      process = builder.redirectOutput(output.toFile()).start();
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
      String found =
          lines.stream().filter(line -> line.startsWith(RESULT)).reduce((a, b) -> b).orElse(null);
      if (!ended || process.exitValue() != 0 || found == null) {
        throw new BenchException(
            what
                + (ended ? " ended with " + process.exitValue() : " did not end")
                + " and without a result; its output:\n"
                + String.join("\n", lines));
      }
      return JsonMapper.builder().build().readValue(found.substring(RESULT.length()), result);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
      Files.deleteIfExists(output);
    }
  }

  private static List<String> pinning(int threads) {
    List<Integer> cores = Cores.allowed();
    if (cores.size() < threads) {
      throw new BenchException(
          threads
              + " threads were asked for, but only the cores "
              + cores
              + " are at hand; use fewer with --threads");
    }
    boolean present =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    if (!present) {
      return List.of();
    }
    List<String> chosen = cores.subList(0, threads).stream().map(String::valueOf).toList();
    return List.of("taskset", "-c", String.join(",", chosen));
  }
}
