package io.kindling.op;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import io.kindling.testing.InputLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One call of an operation with attributes and inputs at random. So that some calls are right and
 * many are wrong in one place only, all shapes of a call come from a few that differ little, most
 * types are the same, and half the calls have attributes of 0 and 1 only.
 */
final class RandomCall {
  private static final int[] INTEGERS = {
    0, 1, 1, 1, 1, 2, 2, 3, 5, -1, -1, -2, 4, Integer.MAX_VALUE, Integer.MIN_VALUE
  };
  private static final int[] SIMPLE = {0, 1, 1};
  private static final long[] LONGS = {
    0, 0, 1, 1, 2, 2, 3, 4, -1, -2, 7, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0, 0.5, 0.9, 1, 1, 2, 1e-5, -1, Double.NaN, Double.POSITIVE_INFINITY
  };
  private static final DType[] USUAL = {
    DType.FLOAT32, DType.FLOAT32, DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16
  };

  private final Random random;
  private final List<Class<? extends Op>> ops;
  private final List<Shape> shapes = new ArrayList<>();
  private final DType dtype;
  private final boolean simple;

  RandomCall(Random random, List<Class<? extends Op>> ops) {
    this.random = random;
    this.ops = ops;
    this.simple = random.nextBoolean();
    this.dtype = random.nextInt(4) == 0 ? anyOf(DType.values()) : anyOf(USUAL);
    if (simple) {
      long[] sizes = new long[random.nextBoolean() ? 4 : 1 + random.nextInt(3)];
      Arrays.fill(sizes, 1 + random.nextInt(2));
      shapes.add(Shape.of(sizes));
      shapes.add(Shape.of(sizes[0]));
      shapes.add(Shape.of(sizes).without(0));
      return;
    }
    long[] sizes = new long[random.nextInt(6)];
    long most = 1 + random.nextInt(4);
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = random.nextBoolean() ? random.nextLong(most + 1) : most;
    }
    shapes.add(Shape.of(sizes));
    for (int i = random.nextInt(4); i > 0; i--) {
      shapes.add(near(anyOf(shapes)));
    }
  }

  /** A call like one that worked: of tensors of these shapes and types. */
  RandomCall(Random random, List<Class<? extends Op>> ops, List<Spec> inputs) {
    this.random = random;
    this.ops = ops;
    this.simple = false;
    this.dtype = inputs.isEmpty() ? DType.FLOAT32 : anyOf(inputs).dtype();
    inputs.forEach(input -> shapes.add(input.shape()));
    shapes.add(Shape.SCALAR);
  }

  /** Another shape that differs in one dimension. */
  private Shape near(Shape shape) {
    int at = shape.rank() == 0 ? 0 : random.nextInt(shape.rank());
    if (random.nextInt(8) == 0) {
      return Shape.of(1L << 40, 1L << 20);
    }
    if (shape.rank() == 0 || shape.numel() > 1 << 20) {
      return Shape.of(random.nextLong(5));
    }
    return random.nextBoolean() ? shape.with(at, random.nextLong(5)) : shape.without(at);
  }

  private <T> T anyOf(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private <T> T anyOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** The operation with attributes at random, or null where its constructor refused them. */
  Op op(Class<? extends Op> type) throws ReflectiveOperationException {
    try {
      return type.cast(record(type));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof KindlingException) {
        return null;
      }
      throw e;
    }
  }

  private Object record(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(types[i], components[i].getGenericType());
    }
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private Object value(Class<?> type, Type generic) throws ReflectiveOperationException {
    if (type == int.class || type == Integer.class) {
      return simple ? SIMPLE[random.nextInt(3)] : INTEGERS[random.nextInt(INTEGERS.length)];
    }
    if (type == long.class) {
      return LONGS[random.nextInt(LONGS.length)];
    }
    if (type == double.class) {
      return DOUBLES[random.nextInt(DOUBLES.length)];
    }
    if (type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == Shape.class) {
      return random.nextInt(6) == 0 ? near(anyOf(shapes)) : anyOf(shapes);
    }
    if (type == Layout.class) {
      return layout();
    }
    if (type == Device.class) {
      return random.nextInt(8) == 0 ? Device.cuda(0) : Device.CPU;
    }
    if (type == DType.class) {
      return random.nextBoolean() ? dtype : anyOf(DType.values());
    }
    if (type == MemoryFormat.class) {
      return random.nextInt(3) == 0 ? null : anyOf(MemoryFormat.values());
    }
    if (type == Generator.State.class) {
      return new Generator.State(random.nextLong(), random.nextLong());
    }
    if (type.isEnum()) {
      return anyOf(type.getEnumConstants());
    }
    if (type == List.class && generic instanceof ParameterizedType list) {
      List<Object> values = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        Class<?> element = (Class<?>) list.getActualTypeArguments()[0];
        values.add(value(element, element));
      }
      return values;
    }
    if (Op.class.isAssignableFrom(type)) {
      List<Class<? extends Op>> fitting = ops.stream().filter(type::isAssignableFrom).toList();
      return record(anyOf(fitting));
    }
    throw new IllegalStateException("no values known for an attribute of " + type);
  }

  private Layout layout() {
    Shape shape = anyOf(shapes);
    Layout dense = Layout.of(shape, anyOf(MemoryFormat.values()));
    switch (random.nextInt(4)) {
      case 0 -> {
        long[] strides = new long[shape.rank()];
        for (int i = 0; i < strides.length; i++) {
          strides[i] = LONGS[random.nextInt(LONGS.length)];
        }
        try {
          return Layout.strided(shape, strides, LONGS[random.nextInt(LONGS.length)]);
        } catch (ShapeException e) {
          return dense;
        }
      }
      case 1 -> {
        return shape.rank() < 2 ? dense : dense.transpose(0, -1);
      }
      case 2 -> {
        return shape.rank() == 0 || shape.size(0) == 0
            ? dense
            : dense.slice(0, 1, shape.size(0), 2);
      }
      default -> {
        return dense;
      }
    }
  }

  /** Inputs at random, of which some look into the memory of others. */
  Tensor[] inputs() {
    int count = random.nextInt(20) == 0 ? 7 : random.nextInt(6);
    Tensor[] inputs = new Tensor[count];
    for (int i = 0; i < count; i++) {
      if (i > 0 && random.nextInt(8) == 0) {
        Tensor other = inputs[random.nextInt(i)];
        inputs[i] = random.nextBoolean() ? other.alias() : other.transpose(0, -1);
      } else {
        inputs[i] = tensor();
      }
    }
    return inputs;
  }

  /** Inputs like those of a call that worked, most with something changed in one place. */
  Tensor[] inputsLike(List<Spec> specs) {
    List<Tensor> inputs = new ArrayList<>();
    int changed = random.nextInt(specs.size() + 1);
    for (int i = 0; i < specs.size(); i++) {
      Spec spec = specs.get(i);
      boolean other = i == changed && random.nextInt(3) > 0;
      Shape shape = other && random.nextBoolean() ? small(near(spec.shape())) : spec.shape();
      DType type = other && random.nextBoolean() ? anyOf(DType.values()) : spec.dtype();
      boolean repeated = i > 0 && i == changed && random.nextInt(8) == 0;
      inputs.add(repeated ? inputs.get(0).alias() : tensor(shape, type));
    }
    if (random.nextInt(8) == 0) {
      inputs.add(tensor());
    } else if (!inputs.isEmpty() && random.nextInt(8) == 0) {
      inputs.remove(random.nextInt(inputs.size()));
    }
    return inputs.toArray(new Tensor[0]);
  }

  private Shape small(Shape shape) {
    return shape.numel() > 1 << 20 ? shapes.get(0) : shape;
  }

  /** A tensor with small numbers, some of them usable as an index. */
  Tensor tensor() {
    int kind = random.nextInt(8);
    DType type = kind == 0 ? anyOf(DType.values()) : kind == 1 ? DType.INT64 : dtype;
    return tensor(small(anyOf(shapes)), type);
  }

  private Tensor tensor(Shape shape, DType type) {
    double[] values = new double[(int) shape.numel()];
    // Zeros alone are right for most indices.
    boolean zeros = !type.isFloatingPoint() && random.nextInt(3) == 0;
    for (int i = 0; !zeros && i < values.length; i++) {
      values[i] = random.nextInt(10) == 0 ? random.nextInt(-2, 9) : random.nextInt(3) / 2.0;
    }
    Tensor tensor = Tensor.of(values, shape.toArray()).to(type);
    InputLayout layout =
        random.nextInt(3) == 0 ? anyOf(InputLayout.values()) : InputLayout.CONTIGUOUS;
    boolean fits = layout != InputLayout.CHANNELS_LAST || shape.rank() == 4;
    return fits ? layout.apply(tensor) : tensor;
  }
}
