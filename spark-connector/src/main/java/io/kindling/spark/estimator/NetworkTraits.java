package io.kindling.spark.estimator;

import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.nn.OutputShape;
import io.kindling.spark.param.NetworkParams;
import io.kindling.spark.param.ParamException;
import io.kindling.spark.train.RoundedInput;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.Attribute$;
import org.apache.spark.ml.attribute.BinaryAttribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.types.StructField;

/**
 * What a network says of itself on the driver, before any task starts, and whether it fits its
 * input and its classes.
 *
 * @param classes how many it tells apart
 * @param inputType the type that its input may have in training, float32 or bfloat16
 */
record NetworkTraits(int classes, DType inputType) {
  /**
   * Checks what can be known of a network before there are rows.
   *
   * @param inputShape of one row's features, if it is known
   * @throws ParamException as {@link #of}
   */
  static void check(NetworkParams params, Optional<long[]> inputShape, StructField label) {
    if (inputShape.isPresent()) {
      of(params, inputShape.get(), label);
    } else {
      parse(params);
    }
  }

  /**
   * Builds the network, looks at it, and throws it away.
   *
   * @param label the label's column; its metadata may say how many classes there are
   * @throws ParamException if there is no network, it cannot be built for the shape, its output is
   *     not one number a class, or there are more classes than outputs
   */
  static NetworkTraits of(NetworkParams params, long[] inputShape, StructField label) {
    NetworkSpec spec = parse(params);
    try (Scope scope = Scope.open();
        Module network = build(spec, inputShape)) {
      return new NetworkTraits(
          classes(outputShape(network, Shape.of(inputShape)), label),
          RoundedInput.type(network, inputShape, params.getPrecision()));
    }
  }

  private static int classes(Shape output, StructField label) {
    if (output.rank() != 1) {
      throw new ParamException(
          "the network makes an output of shape "
              + output
              + " of each row, expected one number a class; end it with Flatten and Linear");
    }
    int width = Math.toIntExact(output.size(0));
    if (width == 1) {
      throw new ParamException(
          "the network has 1 output, and a classifier needs one for each class; give its last layer"
              + " 2 outFeatures to tell two classes apart");
    }
    int known = knownClasses(label);
    if (known > width) {
      throw new ParamException(
          "the network has "
              + width
              + " outputs, but labelCol '"
              + label.name()
              + "' has "
              + known
              + " classes; give its last layer "
              + known
              + " outFeatures");
    }
    return width;
  }

  private static NetworkSpec parse(NetworkParams params) {
    if (!params.isDefined(params.network())) {
      throw new ParamException("network is not set; call setNetwork(\"{\\\"layers\\\": [...]}\")");
    }
    try {
      return NetworkSpec.parse(params.getNetwork());
    } catch (KindlingException e) {
      throw new ParamException("network: " + e.getMessage(), e);
    }
  }

  private static Module build(NetworkSpec spec, long[] inputShape) {
    try {
      return spec.build(inputShape, new Generator(0));
    } catch (KindlingException e) {
      throw doesNotFit(Shape.of(inputShape), e);
    }
  }

  private static Shape outputShape(Module network, Shape inputShape) {
    try {
      return OutputShape.of(network, inputShape);
    } catch (KindlingException e) {
      throw doesNotFit(inputShape, e);
    }
  }

  private static ParamException doesNotFit(Shape inputShape, KindlingException e) {
    return new ParamException(
        "the network does not take rows of shape " + inputShape + ": " + e.getMessage(), e);
  }

  /** From the metadata that StringIndexer and others leave; 0 if there is none. */
  private static int knownClasses(StructField label) {
    Attribute attribute = Attribute$.MODULE$.fromStructField(label);
    if (attribute instanceof BinaryAttribute) {
      return 2;
    }
    return attribute instanceof NominalAttribute nominal && nominal.getNumValues().isDefined()
        ? (int) nominal.getNumValues().get()
        : 0;
  }
}
