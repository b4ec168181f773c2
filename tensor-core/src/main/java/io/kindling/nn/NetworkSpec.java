package io.kindling.nn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import java.util.Map;

/**
 * A network described by one JSON object, in one of two forms:
 *
 * <pre>{@code
 * {"layers": [
 *   {"type": "Conv2d", "outChannels": 16, "kernelSize": 3, "padding": 1},
 *   {"type": "ReLU"},
 *   {"type": "Flatten"},
 *   {"type": "Linear", "outFeatures": 10}]}
 *
 * {"class": "com.acme.Net", "args": {"width": 64}}
 * }</pre>
 *
 * <p>A layer's type is the name of its class in this package, or the full name of a class of your
 * own; its keys are in camelCase, as in the class's {@code fromSpec}. Input sizes ({@code
 * inChannels}, {@code inFeatures}, {@code numFeatures}) may be left out: they follow from the shape
 * of the input. A class of your own extends {@link Module} and has a {@code public static} method
 * {@code fromSpec(LayerSpec)}; it is found through the thread's context class loader, and is
 * initialised only once it is known to be a module.
 */
public final class NetworkSpec {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String FORMS =
      "expected {\"layers\": [...]} or {\"class\": \"...\", \"args\": {...}}";

  private final ObjectNode json;

  private NetworkSpec(ObjectNode json) {
    this.json = json;
  }

  /**
   * Reads a description; layers are checked when it is built.
   *
   * @throws NetworkException if it is not one JSON object of a known form
   */
  public static NetworkSpec parse(String json) {
    JsonNode read;
    try {
      read = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new NetworkException(
          "the network is no valid JSON: " + e.getOriginalMessage() + where(e) + "; " + FORMS, e);
    }
    if (!(read instanceof ObjectNode object)) {
      throw new NetworkException("the network must be a JSON object; " + FORMS);
    }
    if (object.has("onnx")) {
      throw new NetworkException(
          "a network in ONNX form cannot be read by this version; describe it with layers, or name"
              + " a class: "
              + FORMS);
    }
    if (object.has("layers") == object.has("class")) {
      throw new NetworkException("the network has keys " + keys(object) + "; " + FORMS);
    }
    return new NetworkSpec(object);
  }

  /** The description of a network, from what its layers say of themselves. */
  static NetworkSpec of(Map<String, Object> layers) {
    return new NetworkSpec(JSON.convertValue(layers, ObjectNode.class));
  }

  /**
   * Makes the network, in training mode.
   *
   * @param inputShape of one example, without the batch's dimension: {@code (C, H, W)} for images
   * @param generator draws the initial values
   * @throws NetworkException naming the layer and the key that is wrong
   */
  public Module build(long[] inputShape, Generator generator) {
    Shape shape = Shape.of(inputShape);
    if (json.has("layers")) {
      return new LayerSpec("network", "Sequential", json, shape, generator).build();
    }
    JsonNode name = json.get("class");
    JsonNode args = json.has("args") ? json.get("args") : JsonNodeFactory.instance.objectNode();
    if (!name.isTextual() || !(args instanceof ObjectNode object) || json.size() > 2) {
      throw new NetworkException("the network's class must be a string, its args an object");
    }
    return new LayerSpec("network", name.textValue(), object, shape, generator).build();
  }

  /** The description as compact JSON. */
  public String toJson() {
    return json.toString();
  }

  @Override
  public String toString() {
    return toJson();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkSpec spec && json.equals(spec.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  static java.util.List<String> keys(ObjectNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }
}
