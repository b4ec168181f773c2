package io.kindling.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.cpu.JavaBackend;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Any op, on inputs of any shape that lie in memory in any way, gives on every backend what plain
 * Java gives in float64 from contiguous copies.
 */
class BackendPropertyTest {
  private static final Backend ORACLE = new JavaBackend();

  /** Reorders, slices and repeats a tensor at random. */
  private static Tensor anyLayout(Tensor values, Random random) {
    Tensor tensor = values;
    for (int step = 0; step < 3; step++) {
      int dim = random.nextInt(tensor.dim());
      long size = tensor.size(dim);
      switch (random.nextInt(4)) {
        case 0 -> {
          List<Integer> order = new ArrayList<>();
          for (int i = 0; i < tensor.dim(); i++) {
            order.add(i);
          }
          Collections.shuffle(order, random);
          tensor = tensor.permute(order.stream().mapToInt(Integer::intValue).toArray());
        }
        case 1 -> {
          long start = size == 0 ? 0 : random.nextLong(size);
          tensor = tensor.slice(dim, start, size, 1 + random.nextInt(3));
        }
        case 2 -> {
          if (size > 0) {
            tensor = tensor.narrow(dim, random.nextInt((int) size), 1);
            long[] shape = tensor.shape().toArray();
            shape[dim] = 1 + random.nextInt(5);
            tensor = tensor.expand(shape);
          }
        }
        default -> tensor = tensor.contiguous(MemoryFormat.CHANNELS_LAST);
      }
    }
    return tensor;
  }

  private static void check(String what, Tensor x, Function<Tensor, Tensor> op) {
    Tensor exact = x.to(DType.FLOAT64).contiguous();
    Tensor expected = Backends.only(ORACLE, () -> op.apply(exact));
    for (Backend backend : Backends.of(Device.Type.CPU)) {
      Tensor found = Backends.only(backend, () -> op.apply(x));
      String where = what + " of " + x.layout() + " on " + backend.name();
      new Closeness(1e-5).check(where, found, expected);
    }
  }

  @Property(tries = 300)
  void anyLayoutIsRead(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 0, max = 9) Integer> sizes,
      @ForAll long seed) {
    long before = Backends.allocator(Device.CPU).statistics().inUse();
    try (Scope scope = Scope.open()) {
      Random random = new Random(seed);
      long[] shape = sizes.stream().mapToLong(Integer::longValue).toArray();
      Tensor x = anyLayout(Tensor.randn(new Generator(seed), shape), random);
      check("relu", x, Tensor::relu);
      check("clone", x, Tensor::clone);
      check("softmax", x, t -> t.softmax(t.dim() / 2));
      check("sum", x, t -> t.sum(t.dim() / 2));
      check("add", x, t -> t.add(t.select(0, 0)).mul(0.5), x.size(0) > 0);
      check("square", x, t -> t.mul(t.transpose(0, -1)), x.size(0) == x.size(-1));
      check("matmul", x, t -> t.matmul(t.transpose(-2, -1)), x.dim() > 1);
      check("cat", x, t -> Tensor.cat(List.of(t, t.neg()), t.dim() / 2));
    }
    // jqwik runs without JUnit's extensions, and so without LeakCheck.
    assertThat(Backends.allocator(Device.CPU).statistics().inUse()).isEqualTo(before);
  }

  private static void check(
      String what, Tensor x, Function<Tensor, Tensor> op, boolean applicable) {
    if (applicable) {
      check(what, x, op);
    }
  }
}
