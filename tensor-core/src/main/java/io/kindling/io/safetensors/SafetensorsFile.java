package io.kindling.io.safetensors;

import io.kindling.FormatException;
import io.kindling.tensor.Tensor;
import java.util.Collections;
import java.util.Map;

/** What was read from a file. Owns its tensors: they belong to no scope and end with it. */
public final class SafetensorsFile implements AutoCloseable {
  private final String name;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> metadata;

  SafetensorsFile(String name, Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.name = name;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.metadata = Collections.unmodifiableMap(metadata);
  }

  /** The tensors in the order in which they lie in the file. */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Free text that the writer added. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * The tensor of that name; do not close it.
   *
   * @throws FormatException if there is none
   */
  public Tensor get(String tensor) {
    Tensor found = tensors.get(tensor);
    if (found == null) {
      throw new FormatException(
          name + ": there is no tensor '" + tensor + "'; there are " + tensors.keySet());
    }
    return found;
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
  }
}
