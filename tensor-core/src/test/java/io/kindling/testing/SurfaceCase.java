package io.kindling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** A call of one of PyTorch's functions and what it gave. */
public final class SurfaceCase {
  private final String namespace;
  private final String name;
  private final JsonNode json;
  private final Map<DType, Values> numbers;

  SurfaceCase(String namespace, String name, JsonNode json, Map<DType, Values> numbers) {
    this.namespace = namespace;
    this.name = name;
    this.json = json;
    this.numbers = numbers;
  }

  /** PyTorch's name of the function. */
  public String name() {
    return name;
  }

  /** Whether PyTorch refuses the call. */
  public boolean isRefused() {
    return json.has("refused");
  }

  /** What PyTorch says of a call that it refuses. */
  public String refusal() {
    return json.get("refused").asText();
  }

  /** Whether results are compared without their signs, which are arbitrary. */
  boolean isAbsolute() {
    return json.has("absolute");
  }

  /** The type of the autocast region in which the function is called, or null. */
  DType region() {
    return json.has("autocast") ? DType.parse(json.get("autocast").asText()) : null;
  }

  boolean hasGradients() {
    return json.has("gradients");
  }

  boolean hasSecondGradients() {
    return json.has("second");
  }

  /** Whether a tensor is given for the result. */
  boolean hasTarget() {
    return json.has("into");
  }

  /** Given the arguments as {@link #made}, the tensor for the result. */
  Tensor target(List<Object> made, DType floating) {
    JsonNode into = json.get("into");
    JsonNode last = into.get(into.size() - 1);
    Tensor target =
        last.isInt()
            ? (Tensor) made.get(last.asInt())
            : ((SurfaceTensor) value(last, numbers)).tensor(floating);
    return into.size() > 1 ? target.requiresGrad_() : target;
  }

  private String targetText() {
    JsonNode into = json.get("into");
    JsonNode last = into.get(into.size() - 1);
    return " into "
        + (last.isInt() ? "argument " + last : value(last, numbers))
        + (json.has("resized") ? " resized" : "");
  }

  /** The Java method that is called, or null if there is none that takes such arguments. */
  public SurfaceMethod method() {
    return SurfaceMethod.find(namespace, name, arguments());
  }

  /** The function's name with the kinds of its arguments, as {@code add(tensor, int)}. */
  public String signature() {
    StringJoiner kinds = new StringJoiner(", ", name + "(", ")");
    arguments().forEach(a -> kinds.add(SurfaceMethod.kind(a)));
    return kinds.toString();
  }

  /** The function's name with types and sizes of its arguments, as {@code add(int8[2],2.5)}. */
  @Override
  public String toString() {
    StringJoiner parts = new StringJoiner(",", name + "(", ")");
    arguments().forEach(a -> parts.add(text(a)));
    return parts
        + (hasTarget() ? targetText() : "")
        + (region() == null ? "" : " under " + region())
        + (isRefused() ? " refused" : hasGradients() ? " gradients" : "");
  }

  private static String text(Object argument) {
    if (argument instanceof long[] list) {
      return java.util.Arrays.toString(list).replace(" ", "");
    }
    if (argument instanceof List<?> list) {
      return list.stream().map(SurfaceCase::text).toList().toString().replace(" ", "");
    }
    return String.valueOf(argument).replace(" ", "");
  }

  /**
   * The arguments: {@link SurfaceTensor}, Long, Double, Boolean, String, DType, {@code long[]}, a
   * list of these, or null.
   */
  List<Object> arguments() {
    List<Object> arguments = new ArrayList<>();
    json.get("in").forEach(node -> arguments.add(value(node, numbers)));
    return arguments;
  }

  /** What comes out, as {@link #arguments}. */
  List<Object> outputs() {
    List<Object> outputs = new ArrayList<>();
    json.get("out").forEach(node -> outputs.add(value(node, numbers)));
    return outputs;
  }

  /** A list of tensors under a key; null where there is none. */
  List<SurfaceTensor> tensors(String key) {
    List<SurfaceTensor> tensors = new ArrayList<>();
    json.get(key).forEach(node -> tensors.add((SurfaceTensor) value(node, numbers)));
    return tensors;
  }

  static Object value(JsonNode node, Map<DType, Values> numbers) {
    if (node.isNull()) {
      return null;
    }
    if (node.isBoolean()) {
      return node.asBoolean();
    }
    if (node.isIntegralNumber()) {
      return node.asLong();
    }
    if (node.isNumber()) {
      return node.asDouble();
    }
    if (node.isArray()) {
      List<Object> list = new ArrayList<>();
      node.forEach(element -> list.add(value(element, numbers)));
      if (list.stream().allMatch(Long.class::isInstance)) {
        return list.stream().mapToLong(Long.class::cast).toArray();
      }
      return list;
    }
    String text = node.asText();
    if (text.contains("@")) {
      return SurfaceTensor.parse(text, numbers);
    }
    return switch (text) {
      case "=nan" -> Double.NaN;
      case "=inf" -> Double.POSITIVE_INFINITY;
      case "=-inf" -> Double.NEGATIVE_INFINITY;
      default -> dtype(text);
    };
  }

  private static Object dtype(String text) {
    for (DType dtype : DType.values()) {
      if (dtype.toString().equals(text)) {
        return dtype;
      }
    }
    return text;
  }

  /** The arguments with tensors made, and those that are to have gradients in {@code leaves}. */
  List<Object> made(DType floating, List<Tensor> leaves) {
    Set<Integer> constant = new HashSet<>();
    json.path("constant").forEach(place -> constant.add(place.asInt()));
    List<Object> made = new ArrayList<>();
    for (Object argument : arguments()) {
      made.add(made(argument, floating, constant.contains(made.size()) ? null : leaves));
    }
    return made;
  }

  private static Object made(Object argument, DType floating, List<Tensor> leaves) {
    if (argument instanceof List<?> list) {
      List<Object> made = new ArrayList<>();
      list.forEach(element -> made.add(made(element, floating, leaves)));
      return made;
    }
    if (!(argument instanceof SurfaceTensor written)) {
      return argument;
    }
    Tensor tensor = written.tensor(floating);
    if (leaves != null && tensor.dtype().isFloatingPoint()) {
      leaves.add(tensor.requiresGrad_());
    }
    return tensor;
  }
}
