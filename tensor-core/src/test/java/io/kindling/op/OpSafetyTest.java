package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.KindlingException;
import io.kindling.autograd.Autograd;
import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.CachingAllocator;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import io.kindling.testing.ObservedBackend;
import java.io.File;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever attributes and inputs an operation gets, it computes or throws a KindlingException: no
 * other exception, no write beyond its tensors (the allocator's guard), no use of memory that it
 * was not given (the guard's filling differs between two runs), no leak (LeakCheck), and on no
 * backend an end of the JVM. Operations are found in the compiled classes.
 */
class OpSafetyTest {
  private static final List<Class<? extends Op>> OPS = operations();
  private static final List<Backend> BACKENDS = Backends.of(Device.Type.CPU);
  private static final long MOST_BYTES = 1L << 28;
  private static final int LEAST_CALLS = 300;
  private static final int MOST_CALLS = 20_000;
  private static final int MOST_REMEMBERED = 100;
  private static final Map<Class<?>, List<Call>> WORKED = new HashMap<>();

  private static final CachingAllocator ALLOCATOR =
      (CachingAllocator) Backends.allocator(Device.CPU);

  @AfterAll
  static void unboundMemory() {
    ALLOCATOR.setLimit(Long.MAX_VALUE);
  }

  static List<Class<? extends Op>> operations() {
    try {
      Path root = Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root.resolve("io/kindling"))) {
        List<Class<? extends Op>> found = new ArrayList<>();
        for (Path file :
            files.filter(path -> path.toString().endsWith(".class")).sorted().toList()) {
          String path = root.relativize(file).toString();
          String name = path.substring(0, path.length() - 6).replace(File.separatorChar, '.');
          Class<?> type = Class.forName(name, false, OpSafetyTest.class.getClassLoader());
          if (Op.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
            found.add(type.asSubclass(Op.class));
          }
        }
        return found;
      }
    } catch (java.io.IOException | URISyntaxException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theGuardIsOnAndOperationsAreRecords() {
    assertThat(Boolean.getBoolean(CachingAllocator.GUARD_PROPERTY))
        .as("run tests with -D%s=true, as the build does", CachingAllocator.GUARD_PROPERTY)
        .isTrue();
    assertThat(OPS).hasSizeGreaterThan(90).allMatch(Class::isRecord);
    assertThat(BACKENDS).hasSizeGreaterThan(1);
  }

  /**
   * Calls with everything at random are nearly all refused by operations with many conditions. The
   * right calls of those come from the gradients of others, which stand before them by name.
   */
  @BeforeAll
  static void collectCallsThatWork() {
    // Attributes may ask for any amount of memory.
    ALLOCATOR.setLimit(ALLOCATOR.statistics().inUse() + MOST_BYTES);
    Backend last = BACKENDS.get(BACKENDS.size() - 1);
    Random random = new Random(1);
    for (Class<? extends Op> type : OPS) {
      List<Call> worked = WORKED.computeIfAbsent(type, key -> new ArrayList<>());
      for (int i = 0, after = 0; i < MOST_CALLS && after < LEAST_CALLS; i++) {
        after += worked.isEmpty() ? 0 : 1;
        long seed = random.nextLong();
        Call like = worked.isEmpty() || random.nextBoolean() ? null : anyOf(worked, random);
        Backends.only(recording(last), () -> call(type, seed, like));
      }
    }
  }

  private static Call anyOf(List<Call> calls, Random random) {
    return calls.get(random.nextInt(calls.size()));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void anyCallComputesOrIsRefused(Class<? extends Op> type) {
    callMany(type, new Random(type.getName().hashCode()), LEAST_CALLS);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("operations")
  void manyCallsComputeOrAreRefused(Class<? extends Op> type) {
    callMany(type, new Random(), 100 * LEAST_CALLS);
  }

  private static void callMany(Class<? extends Op> type, Random random, int count) {
    List<Call> worked = WORKED.getOrDefault(type, List.of());
    if (!ViewOp.class.isAssignableFrom(type)) {
      // A test that only ever saw refusals would say nothing of the kernel.
      assertThat(worked).as("calls of %s that worked", type).isNotEmpty();
    }
    for (int i = 0; i < count; i++) {
      long seed = random.nextLong();
      Call like = worked.isEmpty() || random.nextInt(4) == 0 ? null : anyOf(worked, random);
      for (Backend backend : BACKENDS) {
        Backends.only(backend, () -> call(type, seed, like));
      }
    }
  }

  /** A call that reached a kernel. */
  private record Call(Op op, List<Spec> inputs) {}

  /** The backend, remembering some of the calls that its kernels have finished. */
  private static Backend recording(Backend backend) {
    return new ObservedBackend(
        backend,
        (kernel, called, inputs) -> {
          List<Call> calls = WORKED.computeIfAbsent(called.getClass(), type -> new ArrayList<>());
          List<Spec> specs =
              Stream.of(inputs).map(input -> Spec.of(input.shape(), input.dtype())).toList();
          return (op, in, out) -> {
            kernel.run(op, in, out);
            if (calls.size() < MOST_REMEMBERED) {
              calls.add(new Call(op, specs));
            }
          };
        });
  }

  /** Makes one call, in one of four ways; {@code like} is a call to change a little, or null. */
  private static boolean call(Class<? extends Op> type, long seed, Call like) {
    Random random = new Random(seed);
    Op op = null;
    Tensor[] inputs = {};
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      RandomCall call =
          like == null ? new RandomCall(random, OPS) : new RandomCall(random, OPS, like.inputs());
      op = like == null || random.nextInt(4) == 0 ? call.op(type) : like.op();
      if (op == null) {
        return false;
      }
      inputs = like == null ? call.inputs() : call.inputsLike(like.inputs());
      return switch (random.nextInt(3)) {
        case 0 -> inPlace(op, inputs);
        case 1 -> backward(op, inputs);
        default -> twice(op, inputs);
      };
    } catch (Throwable e) {
      String backend = ThreadState.current().onlyBackend.name();
      throw new AssertionError(backend + ", seed " + seed + ", " + describe(op, inputs), e);
    }
  }

  private static String describe(Op op, Tensor[] inputs) {
    StringBuilder text = new StringBuilder(String.valueOf(op));
    for (Tensor input : inputs) {
      text.append(", ").append(input.dtype()).append(' ').append(input.layout());
    }
    return text.toString();
  }

  /** The results, or null if the call was refused. */
  private static Tensor[] run(Op op, Tensor[] inputs) {
    try {
      return Dispatch.runAll(op, inputs);
    } catch (KindlingException e) {
      assertThat(e.getMessage()).isNotBlank();
      return null;
    }
  }

  private static boolean twice(Op op, Tensor[] inputs) {
    Tensor[] first = run(op, inputs);
    Tensor[] second = run(op, inputs);
    assertThat(first == null).isEqualTo(second == null);
    for (int i = 0; first != null && i < first.length && isReadable(first[i]); i++) {
      assertThat(values(second[i])).isEqualTo(values(first[i]));
    }
    return first != null;
  }

  private static boolean inPlace(Op op, Tensor[] inputs) {
    if (inputs.length == 0) {
      return run(op, inputs) != null;
    }
    // What works newly computed gives the same in place, whatever shares memory with the target.
    Tensor[] fresh = run(op, inputs);
    Tensor done;
    try {
      done = Dispatch.runInPlace(op, inputs);
    } catch (KindlingException e) {
      return fresh != null;
    }
    if (fresh != null && fresh[0].dtype() == done.dtype()) {
      assertThat(values(done)).isEqualTo(values(fresh[0]));
    }
    return true;
  }

  private static boolean backward(Op op, Tensor[] inputs) {
    try (var on = Autograd.enableGrad()) {
      for (Tensor input : inputs) {
        if (input.dtype().isFloatingPoint() && !input.requiresGrad()) {
          input.requiresGrad_();
        }
      }
      Tensor[] results = run(op, inputs);
      if (results != null && results[0].requiresGrad() && isReadable(results[0])) {
        try {
          results[0].sum().backward();
        } catch (KindlingException e) {
          assertThat(e.getMessage()).isNotBlank();
        }
      }
      return results != null;
    }
  }

  /** Views may repeat an element without bounds. */
  private static boolean isReadable(Tensor tensor) {
    return tensor.numel() <= 1 << 20;
  }

  private static double[] values(Tensor tensor) {
    double[] values = tensor.to(DType.FLOAT64).toDoubleArray();
    return Arrays.stream(values).map(value -> value == 0 ? 0 : value).toArray();
  }
}
