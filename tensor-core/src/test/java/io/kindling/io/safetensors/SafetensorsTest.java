package io.kindling.io.safetensors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.FormatException;
import io.kindling.backend.Backends;
import io.kindling.memory.CachingAllocator;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import io.kindling.testing.SharedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  /** Written by the reference implementation; see safetensors_golden.py. */
  private static byte[] golden() throws IOException {
    try (InputStream in =
        SafetensorsTest.class.getResourceAsStream("/safetensors/all-types.safetensors")) {
      return in.readAllBytes();
    }
  }

  @Test
  void readsEveryTypeOfTheReferenceImplementation() throws IOException {
    try (SafetensorsFile file = Safetensors.read(golden(), "golden")) {
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.get("layer.weight").toFloatArray())
          .containsExactly(0, 0.25f, 0.5f, 0.75f, 1, 1.25f);
      assertThat(file.get("layer.weight").shape().toArray()).containsExactly(2, 3);
      assertThat(file.get("double").toDoubleArray())
          .containsExactly(0, 0.125, 0.25, 0.375, 0.5, 0.625);
      assertThat(file.get("half").dtype()).isEqualTo(DType.FLOAT16);
      assertThat(file.get("half").toFloatArray()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
      assertThat(file.get("brain").dtype()).isEqualTo(DType.BFLOAT16);
      assertThat(file.get("brain").toFloatArray()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
      for (String name : new String[] {"long", "int", "short", "char"}) {
        assertThat(file.get(name).toLongArray()).as(name).containsExactly(-3, -2, -1, 0, 1, 2);
      }
      assertThat(file.get("byte").toLongArray()).containsExactly(0, 50, 100, 150, 200, 250);
      assertThat(file.get("flag").toLongArray()).containsExactly(0, 1, 0, 1, 0, 1);
      assertThat(file.get("scalar").item()).isEqualTo(1.5);
      assertThat(file.get("scalar").dim()).isZero();
      assertThat(file.get("empty").shape().toArray()).containsExactly(0, 4);
      assertThat(file.get("naïve").toLongArray()).containsExactly(1, 2, 3);
      assertThatThrownBy(() -> file.get("absent"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("golden")
          .hasMessageContaining("layer.weight");
    }
  }

  @Test
  void writesTheReferenceImplementationsBytes() throws IOException {
    byte[] golden = golden();
    try (SafetensorsFile file = Safetensors.read(golden, "golden")) {
      // Another order of insertion: the file's order must come from the format.
      Map<String, Tensor> byName = new TreeMap<>(file.tensors());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Safetensors.write(byName, file.metadata(), out);
      assertThat(out.toByteArray()).isEqualTo(golden);
    }
  }

  @Test
  void writesViewsInRowMajorOrderAndReadsThemBackFromAPath(@TempDir Path folder)
      throws IOException {
    Path path = folder.resolve("weights.safetensors");
    try (Scope scope = Scope.open()) {
      // Larger than one chunk of the copy.
      Tensor large = Tensor.arange(50_000.0).view(100, 500);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("turned", large.t());
      tensors.put("part", large.narrow(1, 7, 3));
      try (var out = Files.newOutputStream(path)) {
        Safetensors.write(tensors, Map.of(), out);
      }
      try (SafetensorsFile file = Safetensors.read(path)) {
        assertThat(file.get("turned").shape().toArray()).containsExactly(500, 100);
        assertThat(file.get("turned").toFloatArray()).isEqualTo(large.t().toFloatArray());
        assertThat(file.get("part").toFloatArray()).isEqualTo(large.narrow(1, 7, 3).toFloatArray());
      }
    }
    assertThat(Files.size(path) % 4).isZero();
  }

  @Test
  void readsRealCheckpoints() throws IOException {
    Path folder = SharedData.folder("checkpoints");
    int checked = 0;
    for (String line : Files.readAllLines(folder.resolve("MANIFEST.tsv"))) {
      String[] cells = line.split("\t", -1);
      if (!cells[1].equals("safetensors")) {
        continue;
      }
      try (SafetensorsFile file = Safetensors.read(folder.resolve(cells[0]))) {
        Tensor tensor = file.get(cells[3]);
        assertThat(SafetensorsType.of(tensor.dtype()).name()).isEqualTo(cells[4]);
        assertThat(tensor.shape().toString()).isEqualTo(cells[5]);
        double sum = Arrays.stream(tensor.toDoubleArray()).sum();
        double expected = Double.parseDouble(cells[8].substring("sum=".length()));
        // The manifest prints nine digits.
        assertThat(sum).isEqualTo(expected, within(1e-8 * (1 + Math.abs(expected))));
        checked++;
      }
    }
    assertThat(checked).isPositive();
  }

  @Test
  void namesTheFileTheOffsetAndTheReason() {
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,7]}}", 7, "has 8 bytes");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "has 8 bytes");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "after a gap");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 12, "12 left");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "4 left");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "found -2");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", 8, "whole numbers");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8, "array");
    refused("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, "'C64'");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "data_offsets");
    refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", 8, "two");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        8,
        "too large");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
        8,
        "no valid JSON");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        12,
        "inside the tensor before it");
    refused(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
        16,
        "Duplicate");
    refused("{\"__metadata__\":{\"a\":1}}", 0, "__metadata__.a must be a string");
    refused("[]", 0, "no JSON object");
    refused("{} x", 0, "no valid JSON");
    refused("{\"a\"", 0, "no valid JSON");
    refused("{}{}", 0, "follows");
  }

  private static void refused(String header, int dataBytes, String reason) {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + dataBytes);
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json);
    assertThatThrownBy(() -> Safetensors.read(file.array(), "bad.safetensors"))
        .as(header)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("bad.safetensors: at byte ")
        .hasMessageContaining(reason);
  }

  @Test
  void refusesAHeaderLargerThanTheFileOrTheFormatAllows() {
    for (long claimed : new long[] {3, 100_000_001, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
      ByteBuffer file = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putLong(claimed);
      assertThatThrownBy(() -> Safetensors.read(file.array(), "bad"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining(Long.toUnsignedString(claimed));
    }
  }

  @Test
  void refusesAStreamThatEndsBeforeItsStatedLength() throws IOException {
    byte[] golden = golden();
    for (int length = 0; length < golden.length; length++) {
      InputStream part = new ByteArrayInputStream(golden, 0, length);
      assertThatThrownBy(() -> Safetensors.read(part, golden.length, "cut"))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("cut: at byte ");
    }
  }

  @Test
  void refusesEveryTruncation() throws IOException {
    byte[] golden = golden();
    for (int length = 0; length < golden.length; length++) {
      byte[] part = Arrays.copyOf(golden, length);
      assertThatThrownBy(() -> Safetensors.read(part, "cut")).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void mutatedFilesEndInAFormatExceptionAndNeverAllocateMoreThanTheFile() throws IOException {
    byte[] golden = golden();
    CachingAllocator allocator = (CachingAllocator) Backends.allocator(Device.CPU);
    long limit = allocator.statistics().limit();
    Random random = new Random(7);
    int refused = 0;
    // A block is at least 64 bytes and at most an eighth larger than asked for.
    long room = 64 * 16 + golden.length * 9L / 8;
    allocator.trim();
    allocator.setLimit(allocator.statistics().inUse() + room);
    try {
      for (int round = 0; round < 20_000; round++) {
        byte[] mutated = golden.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
          mutate(mutated, random);
        }
        try (SafetensorsFile file = Safetensors.read(mutated, "mutated")) {
          assertThat(file.tensors()).isNotNull();
        } catch (FormatException e) {
          assertThat(e).hasMessageContaining("mutated: at byte ");
          refused++;
        }
      }
    } finally {
      allocator.setLimit(limit);
    }
    assertThat(refused).isGreaterThan(5_000);
  }

  private static void mutate(byte[] file, Random random) {
    int at = random.nextInt(file.length);
    switch (random.nextInt(4)) {
      case 0 -> file[at] = (byte) random.nextInt(256);
      case 1 -> file[at] = (byte) "0123456789[]{},:\" ".charAt(random.nextInt(18));
      case 2 -> file[random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int from = random.nextInt(file.length);
        int count = Math.min(random.nextInt(24), file.length - Math.max(at, from));
        System.arraycopy(file, from, file, at, count);
      }
    }
  }
}
