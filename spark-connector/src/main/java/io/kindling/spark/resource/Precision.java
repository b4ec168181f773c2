package io.kindling.spark.resource;

import io.kindling.amp.Autocast;
import io.kindling.backend.Backends;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In what types a task runs its network; weights and losses are float32 in any case. */
public enum Precision {
  FLOAT32,

  /** Mixed: products and what follows from them in bfloat16. */
  BFLOAT16;

  private static final Logger LOG = LoggerFactory.getLogger(Precision.class);

  /** All names. */
  public static List<String> names() {
    return Stream.of(values()).map(Precision::toString).toList();
  }

  /**
   * The precision of that name; float32, with a line in the log, where the device would be slower
   * with the other.
   *
   * @param name {@code float32} or {@code bfloat16}
   */
  public static Precision of(String name, Device device) {
    Precision precision = valueOf(name.toUpperCase(Locale.ROOT));
    if (precision == BFLOAT16 && !Backends.isFast(device.type(), DType.BFLOAT16)) {
      LOG.warn("precision bfloat16: {} is not fast in it here, so float32 is used", device);
      return FLOAT32;
    }
    return precision;
  }

  /** A region for a forward pass and its loss. */
  public Autocast region() {
    return Autocast.enabled(this == BFLOAT16);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
