package io.kindling.testing;

import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The Java method for a PyTorch name and arguments in the order of PyTorch's signature: the name in
 * camelCase, on the first argument or static.
 */
public record SurfaceMethod(Method method) {
  private static final List<String> NAMESPACES =
      List.of("io.kindling.tensor.", "io.kindling.nn.functional.");

  /** Names that Java keeps for itself. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "float",
          "toFloat",
          "double",
          "toDouble",
          "long",
          "toLong",
          "int",
          "toInt",
          "short",
          "toShort");

  /** The best overload for these arguments, or null. */
  static SurfaceMethod find(String namespace, String name, List<Object> arguments) {
    String camel = camel(name);
    Class<?> owner = owner(namespace);
    Method best = null;
    int least = Integer.MAX_VALUE;
    for (Method method : owner == null ? new Method[0] : owner.getMethods()) {
      if (method.getName().equals(camel) && !method.isBridge()) {
        int cost = cost(method, arguments);
        if (cost < least) {
          best = method;
          least = cost;
        }
      }
    }
    if (best == null) {
      return null;
    }
    best.setAccessible(true); // the interfaces that declare Tensor's methods are not public
    return new SurfaceMethod(best);
  }

  public static String camel(String name) {
    if (RESERVED.containsKey(name)) {
      return RESERVED.get(name);
    }
    StringBuilder camel = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      boolean next = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
      camel.append(next ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
    }
    return camel.toString();
  }

  private static Class<?> owner(String namespace) {
    for (String start : NAMESPACES) {
      try {
        return Class.forName(start + namespace);
      } catch (ClassNotFoundException e) {
        continue; // in another package, or not there yet
      }
    }
    return null;
  }

  private static boolean onFirst(Method method) {
    return !Modifier.isStatic(method.getModifiers());
  }

  /** How far the arguments are from the parameters; the largest number if they do not fit. */
  private static int cost(Method method, List<Object> arguments) {
    int first = 0;
    if (onFirst(method)) {
      if (arguments.isEmpty() || !(arguments.get(0) instanceof SurfaceTensor)) {
        return Integer.MAX_VALUE;
      }
      first = 1;
    }
    Class<?>[] types = method.getParameterTypes();
    boolean open = method.isVarArgs() && arguments.size() - first == types.length - 1;
    if (!open && arguments.size() - first != types.length) {
      return Integer.MAX_VALUE;
    }
    int cost = open ? 10 : 0;
    for (int i = 0; first + i < arguments.size(); i++) {
      int one = cost(types[i], arguments.get(first + i));
      if (one == Integer.MAX_VALUE) {
        return one;
      }
      cost += one;
    }
    return cost;
  }

  private static int cost(Class<?> type, Object argument) {
    if (argument == null) {
      return type.isPrimitive() ? Integer.MAX_VALUE : 0;
    }
    List<Class<?>> fitting = fitting(argument);
    for (int i = 0; i < fitting.size(); i++) {
      if (fitting.get(i) == type) {
        return i;
      }
    }
    return argument instanceof String && type.isEnum() ? 1 : Integer.MAX_VALUE;
  }

  /** Parameter types that take an argument, the nearest first. */
  private static List<Class<?>> fitting(Object argument) {
    if (argument instanceof SurfaceTensor) {
      return List.of(Tensor.class);
    } else if (argument instanceof Long) {
      return List.of(
          long.class,
          int.class,
          Long.class,
          Integer.class,
          double.class,
          Double.class,
          Number.class,
          long[].class,
          int[].class);
    } else if (argument instanceof Double) {
      return List.of(double.class, Double.class, Number.class);
    } else if (argument instanceof Boolean) {
      return List.of(boolean.class, Boolean.class);
    } else if (argument instanceof long[] list) {
      return list.length == 0
          ? List.of(long[].class, int[].class, Shape.class, List.class)
          : List.of(long[].class, int[].class, Shape.class);
    } else if (argument instanceof List<?>) {
      return List.of(List.class, Tensor[].class, double[].class, int[][].class);
    }
    return List.of(argument instanceof DType ? DType.class : String.class);
  }

  /** What a kind of argument is called in a list of signatures. */
  static String kind(Object argument) {
    if (argument == null) {
      return "null";
    } else if (argument instanceof SurfaceTensor) {
      return "tensor";
    } else if (argument instanceof Long) {
      return "int";
    } else if (argument instanceof Double) {
      return "float";
    } else if (argument instanceof Boolean) {
      return "bool";
    } else if (argument instanceof long[]) {
      return "ints";
    } else if (argument instanceof List<?> list) {
      return list.stream().allMatch(Double.class::isInstance) ? "floats" : "tensors";
    }
    return argument instanceof DType ? "dtype" : "'" + argument + "'";
  }

  /** Calls the method with arguments whose tensors are made. */
  Object call(List<Object> arguments) throws Throwable {
    int first = onFirst(method) ? 1 : 0;
    Class<?>[] types = method.getParameterTypes();
    Object[] converted = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      converted[i] =
          first + i < arguments.size()
              ? convert(types[i], arguments.get(first + i))
              : java.lang.reflect.Array.newInstance(types[i].getComponentType(), 0);
    }
    try {
      return method.invoke(first == 1 ? arguments.get(0) : null, converted);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Object convert(Class<?> type, Object argument) {
    if (argument instanceof Long number) {
      if (type == int.class || type == Integer.class) {
        return Math.toIntExact(number);
      } else if (type == double.class || type == Double.class) {
        return number.doubleValue();
      } else if (type == long[].class || type == int[].class) {
        return convert(type, new long[] {number});
      }
    } else if (argument instanceof long[] list) {
      if (type == int[].class) {
        return Arrays.stream(list).mapToInt(Math::toIntExact).toArray();
      }
      return type == Shape.class ? Shape.of(list) : type == List.class ? List.of() : list;
    } else if (argument instanceof List<?> list) {
      if (type == Tensor[].class) {
        return list.toArray(new Tensor[0]);
      } else if (type == double[].class) {
        return list.stream().mapToDouble(Double.class::cast).toArray();
      } else if (type == int[][].class) {
        return list.stream().map(part -> (int[]) convert(int[].class, part)).toArray(int[][]::new);
      }
    } else if (argument instanceof String text && type.isEnum()) {
      for (Object constant : type.getEnumConstants()) {
        if (constant.toString().equalsIgnoreCase(text)) {
          return constant;
        }
      }
    }
    return argument;
  }
}
