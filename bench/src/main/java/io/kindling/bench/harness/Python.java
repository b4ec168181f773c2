package io.kindling.bench.harness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kindling.bench.BenchException;
import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.Input;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.StepCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An interpreter that has PyTorch: {@code KINDLING_PYTHON}, or {@code python3} of the path.
 *
 * @param interpreter its path or name
 * @param version PyTorch's
 */
public record Python(String interpreter, String version) {
  /** Names the interpreter to take. */
  public static final String VARIABLE = "KINDLING_PYTHON";

  /**
   * The interpreter, if it can import torch.
   *
   * @throws BenchException if {@link #VARIABLE} names one that cannot
   */
  public static Optional<Python> find() {
    String named = System.getenv(VARIABLE);
    String interpreter = named == null ? "python3" : named;
    String output;
    try {
      Process process =
          new ProcessBuilder(interpreter, "-c", "import torch; print(torch.__version__)")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() == 0) {
        return Optional.of(new Python(interpreter, output));
      }
    } catch (IOException absent) {
      // no such interpreter
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted while looking for PyTorch", e);
    }
    if (named != null) {
      throw new BenchException(
          VARIABLE + " is " + named + ", which cannot import torch; install it there or unset it");
    }
    return Optional.empty();
  }

  /** What measures a case, as {@link Worker} does. */
  List<String> command(StepCase one, Format format, Settings settings) {
    Path home = Path.of(System.getProperty("kindling.home", "."));
    List<String> command = new ArrayList<>();
    command.add(interpreter);
    command.add(home.resolve("bench/src/main/python/steps.py").toString());
    command.addAll(
        List.of(
            format.name(),
            Integer.toString(settings.threads()),
            Double.toString(settings.warmUpSeconds()),
            Double.toString(settings.seconds())));
    if (one instanceof NetworkCase network) {
      command.add(network.suite());
      command.add(network.json());
      command.add(sizes(network.batchShape()));
      command.add(network.adam() ? "adam" : "sgd");
    } else if (one instanceof OpCase op) {
      command.add(op.backward() ? "op-backward" : "op");
      command.add(op.kind().label());
      command.add(json(op.inputs()));
    } else {
      command.add("chain");
      command.add(Integer.toString(((ChainCase) one).size()));
    }
    return command;
  }

  private static String json(List<Input> inputs) {
    try {
      return JsonMapper.builder().build().writeValueAsString(inputs);
    } catch (JsonProcessingException e) {
      throw new BenchException("the operands " + inputs + " have no JSON", e);
    }
  }

  private static String sizes(long[] shape) {
    return Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
  }
}
