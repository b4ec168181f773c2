package io.kindling.nn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One layer of a {@link NetworkSpec}, as its {@code fromSpec} sees it: its keys, the shape of its
 * input and the generator of initial values. Errors name the layer and the key; a key that nobody
 * asked for is an error too.
 */
public final class LayerSpec {
  private final String path;
  private final String type;
  private final ObjectNode args;
  private final Shape inputShape;
  private final Generator generator;
  private final Set<String> asked = new TreeSet<>();

  LayerSpec(String path, String type, ObjectNode args, Shape inputShape, Generator generator) {
    this.path = path;
    this.type = type;
    this.args = args;
    this.inputShape = inputShape;
    this.generator = generator;
  }

  /** The shape of one example as it reaches this layer, without the batch's dimension. */
  public Shape inputShape() {
    return inputShape;
  }

  /** Draws initial values. */
  public Generator generator() {
    return generator;
  }

  // ---- keys

  /** A whole number from 1 that must be given. */
  public int size(String key) {
    return checkSize(key, required(key));
  }

  /** A whole number from 1. */
  public int size(String key, int otherwise) {
    JsonNode value = optional(key);
    return value == null ? otherwise : checkSize(key, value);
  }

  /**
   * A whole number from 1 that is given or follows from the input.
   *
   * @param dim of the input's shape, without the batch's dimension
   */
  public int sizeOfInput(String key, int dim) {
    JsonNode value = optional(key);
    int rank = inputShape.rank();
    if (rank == 0 || dim >= rank || dim < -rank) {
      throw error("key '" + key + "' cannot follow from an input of shape " + inputShape);
    }
    long found = inputShape.size(dim);
    if (value != null && checkSize(key, value) != found) {
      throw error(
          "key '"
              + key
              + "' is "
              + value
              + ", but its input has shape "
              + inputShape
              + "; leave the key out and it becomes "
              + found);
    }
    return Math.toIntExact(found);
  }

  /** A whole number, which may be negative. */
  public int integer(String key, int otherwise) {
    JsonNode value = optional(key);
    if (value != null && !value.canConvertToInt() || value != null && !value.isIntegralNumber()) {
      throw wrong(key, value, "a whole number");
    }
    return value == null ? otherwise : value.intValue();
  }

  public double number(String key, double otherwise) {
    JsonNode value = optional(key);
    if (value != null && !value.isNumber()) {
      throw wrong(key, value, "a number");
    }
    return value == null ? otherwise : value.doubleValue();
  }

  public boolean flag(String key, boolean otherwise) {
    JsonNode value = optional(key);
    if (value != null && !value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value == null ? otherwise : value.booleanValue();
  }

  public String text(String key, String otherwise) {
    JsonNode value = optional(key);
    if (value != null && !value.isTextual()) {
      throw wrong(key, value, "a string");
    }
    return value == null ? otherwise : value.textValue();
  }

  /** Height and width, given as one number for both or as an array of two. Must be given. */
  public int[] pair(String key, int least) {
    return checkPair(key, required(key), least);
  }

  /** As {@link #pair(String, int)}, or {@code otherwise} for both. */
  public int[] pair(String key, int least, int[] otherwise) {
    JsonNode value = optional(key);
    return value == null ? otherwise : checkPair(key, value, least);
  }

  /** The layers listed under a key, without the shapes of their inputs. */
  List<LayerSpec> layers(String key) {
    JsonNode value = required(key);
    if (!(value instanceof ArrayNode array)) {
      throw wrong(key, value, "an array of layers");
    }
    List<LayerSpec> layers = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String at = path.equals("network") ? "layer " + i : path + "." + i;
      if (!(array.get(i) instanceof ObjectNode layer) || !layer.path("type").isTextual()) {
        throw new NetworkException(
            at
                + ": expected an object with a type, such as {\"type\": \"ReLU\"}, got "
                + array.get(i));
      }
      layers.add(new LayerSpec(at, layer.get("type").textValue(), layer, null, generator));
    }
    return layers;
  }

  /** The same layer, behind one whose outputs have this shape. */
  LayerSpec behind(Shape shape) {
    return new LayerSpec(path, type, args, shape, generator);
  }

  // ---- building

  /** Makes the layer through its class's {@code fromSpec}, and checks that every key was used. */
  Module build() {
    Class<? extends Module> found = findClass();
    Module module;
    try {
      Method fromSpec = found.getMethod("fromSpec", LayerSpec.class);
      if (!Modifier.isStatic(fromSpec.getModifiers())
          || !Module.class.isAssignableFrom(fromSpec.getReturnType())) {
        throw error(noFromSpec(found));
      }
      module = (Module) fromSpec.invoke(null, this);
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new NetworkException(message(noFromSpec(found)), e);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof NetworkException networkException) {
        throw networkException;
      }
      throw new NetworkException(message("could not be made: " + e.getCause().getMessage()), e);
    }
    Set<String> unknown = new TreeSet<>(NetworkSpec.keys(args));
    unknown.removeAll(asked);
    unknown.remove("type");
    if (!unknown.isEmpty()) {
      module.close();
      throw error("unknown keys " + unknown + "; it takes " + asked);
    }
    return module;
  }

  /** The shape of one example as it leaves {@code module}, which was made from this. */
  Shape outputShape(Module module) {
    try {
      return OutputShape.of(module, inputShape);
    } catch (RuntimeException e) {
      throw new NetworkException(
          message("does not take an input of shape " + inputShape + ": " + e.getMessage()), e);
    }
  }

  private Class<? extends Module> findClass() {
    boolean own = type.contains(".");
    String name = own ? type : Module.class.getPackageName() + "." + type;
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = own && context != null ? context : Module.class.getClassLoader();
    try {
      // Not initialised before it is known to be a module: descriptions are untrusted input.
      Class<?> found = Class.forName(name, false, loader);
      if (!Module.class.isAssignableFrom(found)) {
        throw error("class " + name + " is no module; it must extend " + Module.class.getName());
      }
      return found.asSubclass(Module.class);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new NetworkException(
          message(
              own
                  ? "there is no class " + name + " on the class path; add the jar that holds it"
                  : "there is no layer of this type; names are PyTorch's, with their case (Conv2d,"
                      + " ReLU, Linear); for one of your own give its class's full name"),
          e);
    }
  }

  private static String noFromSpec(Class<?> found) {
    return "class "
        + found.getName()
        + " cannot be made from a description; it needs a 'public static Module"
        + " fromSpec(LayerSpec)'";
  }

  // ---- checks

  private JsonNode optional(String key) {
    asked.add(key);
    JsonNode value = args.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private JsonNode required(String key) {
    JsonNode value = optional(key);
    if (value == null) {
      Set<String> others = new TreeSet<>(NetworkSpec.keys(args));
      others.removeAll(asked);
      others.remove("type");
      throw error("key '" + key + "' is missing; add it (beside it there are " + others + ")");
    }
    return value;
  }

  private int checkSize(String key, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong(key, value, "a whole number from 1");
    }
    return value.intValue();
  }

  private int[] checkPair(String key, JsonNode value, int least) {
    JsonNode first = value.isArray() ? value.path(0) : value;
    JsonNode second = value.isArray() ? value.path(1) : value;
    if (value.isArray() && value.size() != 2
        || !first.isIntegralNumber()
        || !second.isIntegralNumber()
        || !first.canConvertToInt()
        || !second.canConvertToInt()
        || first.intValue() < least
        || second.intValue() < least) {
      throw wrong(key, value, "a whole number from " + least + " or an array of two");
    }
    return new int[] {first.intValue(), second.intValue()};
  }

  private NetworkException wrong(String key, JsonNode value, String expected) {
    return error("key '" + key + "' is " + value + "; expected " + expected);
  }

  /** An error of this layer, for what only its class can check. */
  public NetworkException error(String message) {
    return new NetworkException(message(message));
  }

  private String message(String message) {
    return path + " (" + type + "): " + message;
  }
}
