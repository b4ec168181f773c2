package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.tensor.Device;
import io.kindling.testing.Surface;
import io.kindling.testing.SurfaceCase;
import io.kindling.testing.SurfaceDifference;
import io.kindling.testing.SurfaceMethod;
import io.kindling.testing.SurfaceRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Calls every function of the surface as PyTorch was called, on every CPU backend: values, types,
 * shapes, shared memory, first and second gradients, and refusals are PyTorch's, but for what
 * {@code surface/differences.txt} gives a reason for.
 */
class SurfaceTest {
  private static final List<SurfaceDifference> DIFFERENCES = SurfaceDifference.all();
  private static final Set<SurfaceDifference> SEEN = new HashSet<>();
  private static final Set<String> RUN = new HashSet<>();

  static Stream<Arguments> functions() {
    return Backends.of(Device.Type.CPU).stream()
        .flatMap(
            backend ->
                Surface.families().stream()
                    .flatMap(
                        family ->
                            family.names().entrySet().stream()
                                .map(
                                    function ->
                                        Arguments.of(
                                            backend.name(),
                                            family.name(),
                                            function.getKey(),
                                            function.getValue(),
                                            backend))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("functions")
  void isPyTorchs(
      String on, String family, String function, List<SurfaceCase> cases, Backend backend) {
    List<String> wrong = new ArrayList<>();
    Map<String, SurfaceMethod> methods = new HashMap<>();
    for (SurfaceCase golden : cases) {
      SurfaceMethod method =
          methods.computeIfAbsent(golden.signature(), signature -> golden.method());
      String failure = method == null ? null : failure(golden, method, backend);
      if (failure != null && !isDifferentOnPurpose(golden)) {
        wrong.add(golden + ": " + failure);
      }
    }
    RUN.add(family + "/" + function);
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatIsMissingIsListed() {
    Set<String> missing = new TreeSet<>();
    Set<String> known = new HashSet<>();
    for (Surface.Family family : Surface.families()) {
      for (List<SurfaceCase> cases : family.names().values()) {
        for (SurfaceCase golden : cases) {
          if (known.add(family.name() + golden.signature()) && golden.method() == null) {
            missing.add(family.namespace() + "." + golden.signature());
          }
        }
      }
    }
    assertThat(missing).containsExactlyElementsOf(Surface.lines("missing.txt"));
  }

  @AfterAll
  static void everyDifferenceIsOne() {
    long functions = Surface.families().stream().mapToLong(f -> f.names().size()).sum();
    if (RUN.size() == functions) {
      assertThat(SEEN).containsAll(DIFFERENCES);
    }
  }

  private static String failure(SurfaceCase golden, SurfaceMethod method, Backend backend) {
    try {
      Backends.only(
          backend,
          () -> {
            try {
              SurfaceRun.check(golden, method);
            } catch (RuntimeException | Error e) {
              throw e;
            } catch (Throwable e) {
              throw new AssertionError(e);
            }
            return null;
          });
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e.toString();
    }
  }

  private static boolean isDifferentOnPurpose(SurfaceCase golden) {
    List<SurfaceDifference> fitting =
        DIFFERENCES.stream().filter(difference -> difference.covers(golden)).toList();
    SEEN.addAll(fitting);
    return !fitting.isEmpty();
  }
}
