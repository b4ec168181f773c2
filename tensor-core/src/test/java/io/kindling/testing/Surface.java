package io.kindling.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.tensor.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What PyTorch made of calls of its functions: the files under {@code /surface}, which {@code
 * src/test/python/surface} wrote and describes.
 */
public final class Surface {
  private static final List<Family> FAMILIES = read();

  private Surface() {}

  /**
   * Functions of one kind.
   *
   * @param namespace {@code Tensor}, {@code F} or {@code Linalg}
   * @param names cases by PyTorch's name of the function
   */
  public record Family(String name, String namespace, Map<String, List<SurfaceCase>> names) {}

  /** All families, by name. */
  public static List<Family> families() {
    return FAMILIES;
  }

  /** A file's lines that are neither empty nor comments. */
  public static List<String> lines(String file) {
    try {
      return Files.readAllLines(folder().resolve(file)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Family> read() {
    try (Stream<Path> files = Files.list(folder())) {
      List<Family> families = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".json")) {
          families.add(read(file));
        }
      }
      return families;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Family read(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".json", "");
    Map<DType, Values> numbers = new EnumMap<>(DType.class);
    try (InputStream in = Files.newInputStream(file.resolveSibling(name + ".safetensors"));
        SafetensorsFile values = Safetensors.read(in.readAllBytes(), name)) {
      values.tensors().forEach((type, all) -> numbers.put(DType.parse(type), Values.of(all)));
    }
    JsonNode index = new ObjectMapper().readTree(file.toFile());
    String namespace = index.get("namespace").asText();
    Map<String, List<SurfaceCase>> names = new LinkedHashMap<>();
    index
        .get("names")
        .fields()
        .forEachRemaining(
            entry -> {
              List<SurfaceCase> cases = new ArrayList<>();
              entry
                  .getValue()
                  .forEach(c -> cases.add(new SurfaceCase(namespace, entry.getKey(), c, numbers)));
              names.put(entry.getKey(), cases);
            });
    return new Family(name, namespace, names);
  }

  private static Path folder() {
    try {
      return Path.of(Surface.class.getResource("/surface").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
