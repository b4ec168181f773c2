package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import io.kindling.testing.SurfaceMethod;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The types of results of two operands, of all types, with and without dimensions and as plain
 * numbers, and which of them an in-place operation refuses: {@code src/test/python/promotion.py}
 * asked PyTorch.
 */
class PromotionTest {
  @Test
  void typesAreThoseOfPyTorch() throws IOException {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    try (InputStream in = getClass().getResourceAsStream("/golden/promotion.txt")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      String[] operands = lines.get(0).split(" ");
      for (String line : lines.subList(1, lines.size())) {
        String[] words = line.split(" ");
        DType.setDefaultDtype(DType.parse(words[0]));
        for (int i = 1; i < operands.length; i++, compared++) {
          String found = result(words[1], words[2], operands[i]);
          String expected = words[i + 2];
          if (!found.equals(expected)) {
            String call = String.join(" ", words[0], words[1], words[2], operands[i]);
            wrong.add(call + ": " + found + ", PyTorch " + expected);
          }
        }
      }
    } finally {
      DType.setDefaultDtype(DType.FLOAT32);
    }
    assertThat(wrong).isEmpty();
    assertThat(compared).isGreaterThan(10_000);
  }

  /** The name of the result's type, or "-" if the call is refused or there is none. */
  private static String result(String name, String first, String second) {
    try (Scope scope = Scope.open()) {
      Tensor a = tensor(first);
      if (name.equals("promote_types")) {
        boolean plain = second.equals("long") || second.equals("double");
        return plain ? "-" : DType.promote(a.dtype(), tensor(second).dtype()).toString();
      }
      Object b = second.equals("long") ? 2L : second.equals("double") ? 2.0 : tensor(second);
      return call(name, a, b).dtype().toString();
    } catch (KindlingException | NoSuchMethodException e) {
      return "-";
    }
  }

  private static Tensor tensor(String operand) {
    boolean dimensionless = operand.endsWith("[]");
    DType dtype = DType.parse(operand.replace("[]", ""));
    return Tensor.ones(dimensionless ? new long[0] : new long[] {1}, dtype);
  }

  private static Tensor call(String name, Tensor a, Object b) throws NoSuchMethodException {
    Class<?> type =
        b instanceof Long ? long.class : b instanceof Double ? double.class : Tensor.class;
    return switch (name) {
      case "where" -> {
        Tensor yes = Tensor.ones(new long[0], DType.BOOL);
        yield call(name, List.of(Tensor.class, Tensor.class, type), null, yes, a, b);
      }
      case "lerp" -> call(name, List.of(type, double.class), a, b, 0.5);
      case "addcmul" -> call(name, List.of(type, type), a, b, b);
      case "addcmul_half" -> call("addcmul", List.of(type, type, double.class), a, b, b, 0.5);
      case "add_twice" -> call("add", List.of(type, long.class), a, b, 2L);
      case "add_half" -> call("add", List.of(type, double.class), a, b, 0.5);
      default -> call(SurfaceMethod.camel(name), List.of(type), a, b);
    };
  }

  private static Tensor call(String name, List<Class<?>> types, Tensor self, Object... arguments)
      throws NoSuchMethodException {
    try {
      return (Tensor)
          Tensor.class.getMethod(name, types.toArray(new Class<?>[0])).invoke(self, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof KindlingException refusal) {
        throw refusal;
      }
      throw new AssertionError(name + " of " + Arrays.toString(arguments), e.getCause());
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
