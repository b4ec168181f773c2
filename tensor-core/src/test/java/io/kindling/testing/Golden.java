package io.kindling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What PyTorch made of the cases of the op test table. {@code src/test/python/golden.py} wrote it.
 */
public final class Golden {
  private static final Map<String, Case> CASES = read();

  private Golden() {}

  /** The values of a tensor, on the heap. */
  public record Values(Shape shape, DType dtype, double[] doubles, long[] longs) {
    /** A new tensor of these values; floating ones in the given type. */
    public Tensor tensor(DType floating) {
      long[] sizes = shape.toArray();
      if (dtype.isFloatingPoint()) {
        try (Tensor flat = Tensor.of(doubles);
            Tensor wide = flat.view(sizes)) {
          return floating == DType.FLOAT64 ? wide.clone() : wide.to(floating);
        }
      }
      try (Tensor flat = Tensor.of(longs);
          Tensor wide = flat.view(sizes)) {
        return dtype == DType.INT64 ? wide.clone() : wide.to(dtype);
      }
    }

    static Values of(Tensor tensor) {
      boolean floating = tensor.dtype().isFloatingPoint();
      return new Values(
          tensor.shape(),
          tensor.dtype(),
          floating ? tensor.toDoubleArray() : null,
          floating ? null : tensor.toLongArray());
    }
  }

  /**
   * One case.
   *
   * @param types the outputs' types for float32 inputs
   * @param cotangents one an output; null where it is not differentiable
   * @param gradients one an input; null where none is
   */
  public record Case(
      String name,
      List<Values> inputs,
      List<Values> outputs,
      List<DType> types,
      List<Values> cotangents,
      List<Values> gradients) {}

  /** The names of all cases. */
  public static List<String> names() {
    return List.copyOf(CASES.keySet());
  }

  /** The case of a name; an error if golden.py has none. */
  public static Case of(String name) {
    Case found = CASES.get(name);
    if (found == null) {
      throw new AssertionError("golden.py has no case '" + name + "': add it and run it");
    }
    return found;
  }

  private static Map<String, Case> read() {
    Map<String, Case> cases = new LinkedHashMap<>();
    try (InputStream index = open("ops.json");
        InputStream values = open("ops.safetensors");
        SafetensorsFile file = Safetensors.read(values.readAllBytes(), "ops.safetensors")) {
      Map<String, Tensor> tensors = file.tensors();
      for (JsonNode entry : new ObjectMapper().readTree(index).get("cases")) {
        String name = entry.get("name").asText();
        int inputs = entry.get("inputs").asInt();
        List<DType> types = new ArrayList<>();
        entry.get("outputs").forEach(type -> types.add(DType.parse(type.asText())));
        cases.put(
            name,
            new Case(
                name,
                values(tensors, name + "/in", inputs),
                values(tensors, name + "/out", types.size()),
                types,
                values(tensors, name + "/cotangent", types.size()),
                values(tensors, name + "/grad", inputs)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static InputStream open(String name) {
    return Golden.class.getResourceAsStream("/golden/" + name);
  }

  private static List<Values> values(Map<String, Tensor> tensors, String prefix, int count) {
    List<Values> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tensor tensor = tensors.get(prefix + i);
      values.add(tensor == null ? null : Values.of(tensor));
    }
    return values;
  }
}
