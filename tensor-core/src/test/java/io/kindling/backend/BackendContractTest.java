package io.kindling.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.autograd.Autograd;
import io.kindling.backend.cpu.JavaBackend;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import io.kindling.testing.InputLayout;
import io.kindling.testing.ObservedBackend;
import io.kindling.testing.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What every backend must keep: each operation that it has a kernel for, on inputs of any shape
 * that lie in memory in any way, gives what plain Java gives in float64 from contiguous copies, and
 * so do its gradients. A backend's test extends this class and names the backend. (That all
 * operations give what PyTorch gives is {@code SurfaceTest}'s, on every backend.)
 */
public abstract class BackendContractTest {
  private static final Backend ORACLE = new JavaBackend();
  private static final DType[] TYPES = {
    DType.FLOAT32, DType.FLOAT32, DType.FLOAT32, DType.BFLOAT16, DType.FLOAT64
  };

  /** What flows into a result is at most this. */
  static final double LARGEST_GRADIENT = 2.5;

  /** The backend to test. */
  protected abstract Backend backend();

  /** The operations that the backend has kernels for, all of which must be reached. */
  protected abstract Set<Class<?>> operations();

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void anyCallGivesWhatTheOracleGives(@ForAll long seed) {
    Random random = new Random(seed);
    callAll(backend(), random, TYPES[random.nextInt(TYPES.length)], false);
  }

  @Example
  void everyKernelIsReached() {
    Set<Class<?>> reached = new HashSet<>();
    Backend watched = watched(backend(), reached);
    for (int seed = 0; seed < 4; seed++) {
      callAll(watched, new Random(seed), DType.FLOAT32, true);
    }
    assertThat(reached).containsAll(operations());
  }

  /** Most kernels want large tensors, of bfloat16 too. */
  @Example
  void largeCallsInBfloat16() {
    callAll(backend(), new Random(1), DType.BFLOAT16, true);
  }

  private static void callAll(Backend backend, Random random, DType dtype, boolean large) {
    long before = Backends.allocator(Device.CPU).statistics().inUse();
    try (Scope scope = Scope.open()) {
      for (RandomCalls.Call call : RandomCalls.of(random, large)) {
        try (Scope inner = Scope.open()) {
          check(backend, call, dtype, random);
        }
      }
    }
    // jqwik runs without JUnit's extensions, and so without LeakCheck.
    assertThat(Backends.allocator(Device.CPU).statistics().inUse()).isEqualTo(before);
  }

  private static void check(Backend backend, RandomCalls.Call call, DType dtype, Random random) {
    List<Tensor> inputs = new ArrayList<>();
    for (Tensor values : call.inputs()) {
      inputs.add(anyLayout(values.to(dtype), call.repeatable(), random));
    }
    List<Tensor> exact = inputs.stream().map(x -> x.to(DType.FLOAT64).contiguous()).toList();
    long seed = random.nextLong();
    List<Tensor> expected = Backends.only(ORACLE, () -> run(call, exact, new Random(seed)));
    List<Tensor> found = Backends.only(backend, () -> run(call, inputs, new Random(seed)));
    Closeness close = new Closeness(10 * Closeness.of(dtype).relative());
    String what =
        call.name() + " of " + inputs.stream().map(Tensor::layout).toList() + " in " + dtype;
    close.check(what, found.get(0), expected.get(0));
    // Gradients in half precision pass through many roundings; float32 shows whether they are
    // right.
    for (int i = 1; dtype.bytes() > 2 && i < expected.size(); i++) {
      if (expected.get(i) != null) {
        double terms = (double) found.get(0).numel() / expected.get(i).numel();
        terms = i == 1 ? Math.max(terms, call.terms().applyAsDouble(exact)) : terms;
        Values gradient = Values.of(expected.get(i));
        close.check(what + ": gradient of input " + (i - 1), found.get(i), gradient, terms);
      }
    }
  }

  /** The result, and the gradients of the inputs. */
  private static List<Tensor> run(RandomCalls.Call call, List<Tensor> inputs, Random random) {
    List<Tensor> leaves = inputs.stream().map(x -> x.detach().requiresGrad_()).toList();
    Tensor result = call.function().apply(leaves);
    // Not about 0, so that sums do not cancel.
    Tensor wave = Tensor.arange(result.numel()).to(DType.FLOAT64).mul(0.7).cos();
    Tensor pattern = wave.add(LARGEST_GRADIENT - 1);
    Tensor shaped = pattern.view(result.shape().toArray()).to(result.dtype());
    Tensor cotangent = anyLayout(shaped, false, random);
    List<Tensor> all = new ArrayList<>(List.of(result));
    all.addAll(Autograd.grad(List.of(result), leaves, List.of(cotangent), false, false, true));
    return all;
  }

  /** The same values in another order in memory, or, if allowed, repeated ones. */
  private static Tensor anyLayout(Tensor values, boolean repeatable, Random random) {
    if (values.dim() == 0) {
      return values;
    }
    return switch (random.nextInt(5)) {
      case 0 -> permuted(values, random);
      case 1 -> InputLayout.SLICED.apply(values);
      case 2 -> values.contiguous(MemoryFormat.CHANNELS_LAST);
      case 3 -> repeatable ? InputLayout.EXPANDED.apply(values) : values;
      default -> values;
    };
  }

  private static Tensor permuted(Tensor values, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, values.dim()).boxed().toList());
    Collections.shuffle(order, random);
    int[] back = new int[order.size()];
    for (int i = 0; i < back.length; i++) {
      back[order.get(i)] = i;
    }
    int[] there = order.stream().mapToInt(Integer::intValue).toArray();
    return values.permute(there).contiguous().permute(back);
  }

  /** The backend, noting the operations it has kernels for. */
  private static Backend watched(Backend backend, Set<Class<?>> reached) {
    return new ObservedBackend(
        backend,
        (kernel, op, inputs) -> {
          if (kernel != null) {
            reached.add(op.getClass());
          }
          return kernel;
        });
  }
}
