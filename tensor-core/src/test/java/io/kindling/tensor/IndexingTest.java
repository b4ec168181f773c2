package io.kindling.tensor;

import static io.kindling.tensor.Index.all;
import static io.kindling.tensor.Index.ellipsis;
import static io.kindling.tensor.Index.newAxis;
import static io.kindling.tensor.Index.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.KindlingException;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.GradCheck;
import io.kindling.memory.Scope;
import io.kindling.testing.InputLayout;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * {@code get}, {@code set} and {@code indexPut} against what PyTorch makes of the same items, in
 * every layout: {@code src/test/python/indexing.py} wrote the calls.
 */
class IndexingTest {
  @Test
  void isPyTorchs() throws IOException {
    List<String> wrong = new ArrayList<>();
    try (InputStream calls = getClass().getResourceAsStream("/golden/indexing.json")) {
      for (JsonNode call : new ObjectMapper().readTree(calls)) {
        for (InputLayout layout : InputLayout.values()) {
          if (layout.keepsValues()) {
            try (Scope scope = Scope.open()) {
              check(call, layout);
            } catch (RuntimeException | AssertionError e) {
              wrong.add(layout + " " + call + ": " + e);
            }
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void check(JsonNode call, InputLayout layout) {
    Tensor leaf = counting(longs(call.get("shape")), 0).requiresGrad_();
    if (!call.has("out")) {
      assertThatThrownBy(() -> run(call, layout.apply(leaf.mul(1)), value(call)))
          .isInstanceOf(KindlingException.class)
          .hasMessageMatching("(?s).+: .+|index .+ is out of .+|slice .+");
      return;
    }
    Tensor value = value(call);
    Tensor x = layout.apply(leaf.mul(1));
    Tensor out = run(call, x, value);
    compare("result", out, call.get("out"));
    if (call.has("view")) {
      boolean shares = out.storage() == x.storage();
      assertThat(shares || out.numel() == 0)
          .isEqualTo(call.get("view").asBoolean() || out.numel() == 0);
    }
    Tensor cotangent = counting(out.shape().toArray(), 1);
    List<Tensor> leaves = value == null ? List.of(leaf) : List.of(leaf, value);
    List<Tensor> gradients =
        Autograd.grad(List.of(out), leaves, List.of(cotangent), false, false, true);
    compare("gradient", gradients.get(0), call.get("gradient"));
    if (value != null) {
      compare("gradient of the value", gradients.get(1), call.get("gradientOfValue"));
    }
  }

  private static Tensor value(JsonNode call) {
    return call.has("value") ? counting(longs(call.get("value")), 100).requiresGrad_() : null;
  }

  private static Tensor run(JsonNode call, Tensor x, Tensor value) {
    Object[] items = items(call.get("items"));
    return switch (call.get("call").asText()) {
      case "get" -> x.get(items);
      case "set" -> x.set(value, items);
      default ->
          x.indexPut_(
              Arrays.stream(items).map(i -> i instanceof Tensor tensor ? tensor : null).toList(),
              value,
              true);
    };
  }

  private static Object[] items(JsonNode items) {
    List<Object> read = new ArrayList<>();
    for (JsonNode item : items) {
      if (item.isNull()) {
        read.add(newAxis());
      } else if (item.isBoolean()) {
        read.add(item.asBoolean());
      } else if (item.isNumber()) {
        read.add(item.asInt());
      } else if (item.isTextual()) {
        read.add(item.asText().equals("...") ? ellipsis() : written(item.asText()));
      } else {
        read.add(tensor(item));
      }
    }
    return read.toArray();
  }

  private static Index written(String range) {
    String[] ends = range.split(":", -1);
    long step = ends.length < 3 ? 1 : Long.parseLong(ends[2]);
    if (ends[0].isEmpty() && ends[1].isEmpty()) {
      return step == 1 ? all() : Index.from(0, step);
    } else if (ends[0].isEmpty()) {
      return Index.until(Long.parseLong(ends[1]), step);
    } else if (ends[1].isEmpty()) {
      return Index.from(Long.parseLong(ends[0]), step);
    }
    return range(Long.parseLong(ends[0]), Long.parseLong(ends[1]), step);
  }

  private static Tensor tensor(JsonNode item) {
    String type = item.fieldNames().next();
    List<Long> flat = new ArrayList<>();
    flatten(item.get(type), flat);
    long[] values = flat.stream().mapToLong(Long::longValue).toArray();
    return Tensor.of(values).view(longs(item.get("shape"))).to(DType.parse(type));
  }

  private static void flatten(JsonNode nested, List<Long> flat) {
    if (nested.isArray()) {
      nested.forEach(part -> flatten(part, flat));
    } else {
      flat.add(nested.isBoolean() ? (nested.asBoolean() ? 1L : 0L) : nested.asLong());
    }
  }

  private static Tensor counting(long[] shape, long start) {
    long count = Shape.of(shape).numel();
    return Tensor.arange(count).to(DType.FLOAT64).add(start).view(shape);
  }

  private static long[] longs(JsonNode list) {
    long[] values = new long[list.size()];
    Arrays.setAll(values, i -> list.get(i).asLong());
    return values;
  }

  private static void compare(String what, Tensor found, JsonNode expected) {
    long[] values = longs(expected.get("values"));
    if (found == null) {
      assertThat(Arrays.stream(values).allMatch(v -> v == 0)).as(what).isTrue();
      return;
    }
    assertThat(found.shape()).as(what).isEqualTo(Shape.of(longs(expected.get("shape"))));
    assertThat(found.toLongArray()).as(what).isEqualTo(values);
  }

  @Test
  void gradientsAgreeWithDifferencesTwice() {
    try (Scope scope = Scope.open()) {
      Tensor x = counting(new long[] {3, 4, 2}, 1).requiresGrad_();
      Tensor rows = Tensor.of(new long[] {2, 0, 2, -1});
      Tensor columns = Tensor.of(new long[] {1, 1, 1, 0});
      Function<List<Tensor>, List<Tensor>> function =
          in -> List.of(in.get(0).square().get(rows, range(1, 4, 2), columns).pow(2));
      GradCheck.gradcheck(function, List.of(x));
      GradCheck.gradgradcheck(function, List.of(x));
      Tensor value = counting(new long[] {4, 2}, -3).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> second =
          in -> {
            Tensor put = in.get(0).mul(1).set(in.get(1).square(), ellipsis(), 1, all());
            return List.of(put.mul(put));
          };
      GradCheck.gradcheck(
          second,
          List.of(
              counting(new long[] {2, 3, 2}, 1).requiresGrad_(),
              counting(new long[] {2, 2}, 3).requiresGrad_()));
      GradCheck.gradgradcheck(
          second,
          List.of(
              counting(new long[] {2, 3, 2}, 1).requiresGrad_(),
              counting(new long[] {2, 2}, 3).requiresGrad_()));
      Function<List<Tensor>, List<Tensor>> third =
          in ->
              List.of(
                  in.get(0)
                      .square()
                      .indexPut(Arrays.asList(rows, columns), in.get(1).square(), true)
                      .pow(2));
      GradCheck.gradcheck(third, List.of(x, value));
      GradCheck.gradgradcheck(third, List.of(x, value));
    }
  }

  @Test
  void writesAreSeenThroughViews() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(3, 4);
      Tensor row = x.get(1);
      x.set(5, all(), new long[] {0, -1});
      assertThat(row.toFloatArray()).containsExactly(5, 0, 0, 5);
      row.set(Tensor.of(new float[] {1, 2}), range(1, 3));
      assertThat(x.get(1).toFloatArray()).containsExactly(5, 1, 2, 5);
      x.set(-1, x.gt(4));
      assertThat(x.get(ellipsis(), 0).toFloatArray()).containsExactly(-1, -1, -1);
    }
  }

  /** PyTorch refuses it and asks for a clone(). */
  @Test
  void aTensorTakesItsOwnValuesAsTheyWereBefore() {
    try (Scope scope = Scope.open()) {
      Tensor turn = Tensor.of(new long[] {1, 2, 0});
      Tensor x = Tensor.of(new float[] {1, 2, 3});
      x.indexPut_(List.of(turn), x);
      assertThat(x.toFloatArray()).containsExactly(3, 1, 2);
      x.indexPut_(List.of(turn), x, true);
      assertThat(x.toFloatArray()).containsExactly(5, 4, 3);
      turn.indexPut_(List.of(turn), turn);
      assertThat(turn.toLongArray()).containsExactly(0, 1, 2);
    }
  }

  @Test
  void refusesWithTheReason() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.zeros(3, 4);
      assertThatThrownBy(() -> x.get(0, 0, 0))
          .isInstanceOf(KindlingException.class)
          .hasMessageContaining("3 indices are too many for a tensor of shape [3, 4]");
      assertThatThrownBy(() -> x.get(range(0, 3, -1))).hasMessageContaining("flip()");
      assertThatThrownBy(() -> x.get(1.5)).hasMessageContaining("Double");
      assertThatThrownBy(() -> x.get(Tensor.zeros(2))).hasMessageContaining("float32");
      assertThatThrownBy(() -> x.get(new boolean[] {true, false})).hasMessageContaining("mask");
      assertThatThrownBy(() -> x.get(new long[] {0, 3})).hasMessageContaining("size 3");
      assertThatThrownBy(() -> x.set(Tensor.zeros(5), all(), 1)).hasMessageContaining("[5]");
      assertThatThrownBy(() -> x.set(Tensor.zerosLike(x, DType.INT64), new long[] {0, 1, 2}))
          .hasMessageContaining("int64");
    }
  }
}
