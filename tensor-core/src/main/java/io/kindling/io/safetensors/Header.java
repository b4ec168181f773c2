package io.kindling.io.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.kindling.FormatException;
import io.kindling.ShapeException;
import io.kindling.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON at the start of a file: what each tensor is and where its bytes are.
 *
 * <p>The rules it enforces: at most {@link #MAX_BYTES} bytes, one object without duplicate keys
 * that starts with a brace, known element types, sizes that agree with shapes, and data offsets
 * that cover the bytes after the header from the first to the last without gap or overlap.
 *
 * @param tensors by name, in the order of their bytes
 * @param metadata free text by name
 */
record Header(Map<String, Entry> tensors, Map<String, String> metadata) {
  /** The length that stands before the header, in bytes. */
  static final int PREFIX = Long.BYTES;

  static final long MAX_BYTES = 100_000_000;
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names are a stranger's
          .build();

  /**
   * One tensor.
   *
   * @param begin offset of its first byte after the header
   * @param end one past its last byte
   */
  record Entry(SafetensorsType type, Shape shape, long begin, long end) {
    long bytes() {
      return end - begin;
    }
  }

  /** How many bytes follow the header. */
  long dataBytes() {
    return tensors.values().stream().mapToLong(Entry::end).max().orElse(0);
  }

  /**
   * Reads and checks a header.
   *
   * @param file named in errors
   */
  static Header parse(byte[] json, String file) {
    if (json.length < 2 || json[0] != '{' || json[1] == 0) {
      throw new FormatException(file, PREFIX, "the header is no JSON object in UTF-8");
    }
    try (JsonParser parser = JSON.createParser(json)) {
      Header header = new Reader(parser, file).header();
      header.checkCoverage(file);
      return header;
    } catch (IOException | IllegalStateException e) {
      // Jackson reports too many colliding names as an IllegalStateException.
      throw new FormatException(file, PREFIX, "the header is no valid JSON: " + e.getMessage(), e);
    }
  }

  /** The header's bytes with the length before them, padded so that the data starts at 8. */
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[PREFIX]);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      if (!metadata.isEmpty()) {
        out.writeObjectFieldStart(METADATA);
        for (Map.Entry<String, String> text : metadata.entrySet()) {
          out.writeStringField(text.getKey(), text.getValue());
        }
        out.writeEndObject();
      }
      for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
        Entry entry = tensor.getValue();
        out.writeObjectFieldStart(tensor.getKey());
        out.writeStringField("dtype", entry.type.name());
        writeLongs(out, "shape", entry.shape.toArray());
        writeLongs(out, "data_offsets", entry.begin, entry.end);
        out.writeEndObject();
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    while (bytes.size() % Long.BYTES != 0) {
      bytes.write(' ');
    }
    byte[] all = bytes.toByteArray();
    long length = all.length - PREFIX;
    if (length > MAX_BYTES) {
      throw new FormatException(
          "safetensors: the header would have "
              + length
              + " bytes, the format allows "
              + MAX_BYTES
              + "; write fewer tensors or less metadata a file");
    }
    for (int i = 0; i < PREFIX; i++) {
      all[i] = (byte) (length >>> (8 * i));
    }
    return all;
  }

  private static void writeLongs(JsonGenerator out, String field, long... values)
      throws IOException {
    out.writeFieldName(field);
    out.writeArray(values, 0, values.length);
  }

  private void checkCoverage(String file) {
    long expected = 0;
    for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
      long begin = tensor.getValue().begin;
      if (begin != expected) {
        throw new FormatException(
            file,
            PREFIX,
            "tensor '"
                + tensor.getKey()
                + "' begins at data offset "
                + begin
                + (begin < expected ? ", inside the tensor before it" : ", after a gap")
                + "; expected "
                + expected);
      }
      expected = tensor.getValue().end;
    }
  }

  /** Walks the JSON once. */
  private static final class Reader {
    private final JsonParser parser;
    private final String file;
    private final List<Map.Entry<String, Entry>> entries = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    Reader(JsonParser parser, String file) {
      this.parser = parser;
      this.file = file;
    }

    Header header() throws IOException {
      expect(parser.nextToken(), JsonToken.START_OBJECT, "the header must be an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          readMetadata();
        } else {
          entries.add(Map.entry(name, entry(name)));
        }
      }
      if (parser.nextToken() != null) {
        throw bad("something follows the header's object");
      }
      entries.sort(
          Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
              .thenComparingLong(e -> e.getValue().end));
      Map<String, Entry> sorted = new LinkedHashMap<>();
      entries.forEach(e -> sorted.put(e.getKey(), e.getValue()));
      return new Header(sorted, metadata);
    }

    private void readMetadata() throws IOException {
      expect(parser.currentToken(), JsonToken.START_OBJECT, METADATA + " must be an object");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        expect(
            parser.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key + " must be a string");
        metadata.put(key, parser.getText());
      }
    }

    private Entry entry(String name) throws IOException {
      expect(parser.currentToken(), JsonToken.START_OBJECT, "'" + name + "' must be an object");
      SafetensorsType type = null;
      long[] sizes = null;
      long[] offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "dtype" -> type = type(name);
          case "shape" -> sizes = numbers(name, key);
          case "data_offsets" -> offsets = numbers(name, key);
          default -> parser.skipChildren();
        }
      }
      if (type == null || sizes == null || offsets == null || offsets.length != 2) {
        throw bad("tensor '" + name + "' needs a dtype, a shape and two data_offsets");
      }
      return checked(name, type, sizes, offsets[0], offsets[1]);
    }

    private Entry checked(String name, SafetensorsType type, long[] sizes, long begin, long end) {
      long bytes;
      Shape shape;
      try {
        shape = Shape.of(sizes);
        bytes = Math.multiplyExact(shape.numel(), (long) type.dtype().bytes());
      } catch (ShapeException | ArithmeticException e) {
        throw bad(
            "tensor '" + name + "' of shape " + Arrays.toString(sizes) + " is too large to exist");
      }
      if (end < begin || end - begin != bytes) {
        throw bad(
            "tensor '"
                + name
                + "' of shape "
                + shape
                + " and type "
                + type
                + " has "
                + bytes
                + " bytes, but its data_offsets are ["
                + begin
                + ", "
                + end
                + "]");
      }
      return new Entry(type, shape, begin, end);
    }

    private SafetensorsType type(String name) throws IOException {
      expect(
          parser.currentToken(), JsonToken.VALUE_STRING, "'" + name + "'.dtype must be a string");
      SafetensorsType type = SafetensorsType.named(parser.getText());
      if (type == null) {
        throw bad(
            "tensor '"
                + name
                + "' has type '"
                + parser.getText()
                + "'; Kindling reads "
                + SafetensorsType.names());
      }
      return type;
    }

    private long[] numbers(String name, String key) throws IOException {
      String what = "'" + name + "'." + key + " must be an array of whole numbers from 0";
      expect(parser.currentToken(), JsonToken.START_ARRAY, what);
      long[] values = new long[4];
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
        long value = parser.getLongValue();
        if (value < 0) {
          throw bad(what + ", found " + value);
        }
        if (count == values.length) {
          values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
      }
      return Arrays.copyOf(values, count);
    }

    private void expect(JsonToken found, JsonToken wanted, String message) {
      if (found != wanted) {
        throw bad(message + ", found " + found);
      }
    }

    private FormatException bad(String reason) {
      return new FormatException(
          file, PREFIX + Math.max(0, parser.currentTokenLocation().getByteOffset()), reason);
    }
  }
}
