package io.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.autograd.Autograd;
import io.kindling.backend.Backends;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.nn.CrossEntropyLoss;
import io.kindling.nn.Loss;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.optim.Adam;
import io.kindling.optim.Optimizer;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.testing.SharedData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole engine: a small convolutional network learns 8x8 images and is saved and loaded. */
class TrainingTest {
  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          """
          {"layers": [
            {"type": "Conv2d", "outChannels": 16, "kernelSize": 3, "padding": 1},
            {"type": "BatchNorm2d"},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Conv2d", "outChannels": 32, "kernelSize": 3, "padding": 1},
            {"type": "BatchNorm2d"},
            {"type": "ReLU"},
            {"type": "MaxPool2d", "kernelSize": 2},
            {"type": "Flatten"},
            {"type": "Dropout", "p": 0.2},
            {"type": "Linear", "outFeatures": 64},
            {"type": "ReLU"},
            {"type": "Linear", "outFeatures": 10}]}""");
  private static final long[] IMAGE = {1, 8, 8};

  /**
   * Labelled images; the tensors belong to the scope they were made in.
   *
   * @param x {@code (N, 1, 8, 8)}, from 0 to 1
   * @param y {@code (N)} of int64 classes
   */
  private record Images(Tensor x, Tensor y) {
    long count() {
      return y.size(0);
    }
  }

  private static Images digits(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int count = lines.size() - 1; // the first line names the columns
    float[] pixels = new float[count * 64];
    long[] labels = new long[count];
    for (int row = 0; row < count; row++) {
      String[] cells = lines.get(row + 1).split(",", -1);
      for (int i = 0; i < 64; i++) {
        pixels[row * 64 + i] = Float.parseFloat(cells[i]) / 16;
      }
      labels[row] = Long.parseLong(cells[64].strip());
    }
    return new Images(Tensor.of(pixels, count, 1, 8, 8), Tensor.of(labels));
  }

  /**
   * Ten random templates, shifted by up to a pixel each way, under noise half as strong as they
   * are.
   */
  private static Images shifted(Tensor templates, int count, Generator generator) {
    Tensor y = Tensor.randint(generator, 0, 10, count);
    float[] all = templates.toFloatArray();
    long[] labels = y.toLongArray();
    long[] shifts = Tensor.randint(generator, 0, 9, count).toLongArray();
    float[] pixels = new float[count * 64];
    for (int n = 0; n < count; n++) {
      for (int i = 0; i < 64; i++) {
        int row = i / 8 + (int) shifts[n] / 3;
        int column = i % 8 + (int) shifts[n] % 3;
        pixels[n * 64 + i] = all[(int) labels[n] * 100 + row * 10 + column];
      }
    }
    Tensor x = Tensor.of(pixels, count, 1, 8, 8);
    return new Images(x.add(Tensor.randn(generator, count, 1, 8, 8).mul(0.5)), y);
  }

  private static void train(Module network, Images images, int epochs, int batch, long seed) {
    Generator order = new Generator(seed);
    Loss criterion = new CrossEntropyLoss();
    network.train();
    try (Optimizer optimizer = new Adam(network.parameters(), 2e-3)) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        if (epoch == epochs * 3 / 4) {
          optimizer.setLearningRate(2e-4); // settles what the large steps have found
        }
        try (Scope scope = Scope.open()) {
          Tensor shuffled = Tensor.randperm(order, images.count());
          for (long at = 0; at < images.count(); at += batch) {
            try (Scope step = Scope.open()) {
              Tensor rows = shuffled.narrow(0, at, Math.min(batch, images.count() - at));
              optimizer.zeroGrad();
              Tensor output = network.forward(images.x().indexSelect(0, rows));
              criterion.forward(output, images.y().indexSelect(0, rows)).backward();
              optimizer.step();
            }
          }
        }
      }
    }
  }

  private static double accuracy(Module network, Images images) {
    network.eval();
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      long[] found = network.forward(images.x()).argmax(1).toLongArray();
      long[] expected = images.y().toLongArray();
      long right = 0;
      for (int i = 0; i < found.length; i++) {
        right += found[i] == expected[i] ? 1 : 0;
      }
      return (double) right / found.length;
    }
  }

  @Test
  void learnsRealDigitsItIsTestedOnOthers() throws IOException {
    Path folder = SharedData.folder("optdigits");
    try (Scope scope = Scope.open();
        Module network = NETWORK.build(IMAGE, new Generator(1))) {
      Images training = digits(folder.resolve("optdigits.tra"));
      Images test = digits(folder.resolve("optdigits.tes"));
      assertThat(training.count()).isEqualTo(3823);
      assertThat(test.count()).isEqualTo(1797);
      assertThat(accuracy(network, test)).isLessThan(0.3);
      train(network, training, 10, 64, 2);
      double accuracy = accuracy(network, test);
      // The test's writers are others than the training's. Seven seeds ended between 0.983 and
      // 0.989;
      // nearest neighbours get 0.980, as the data's description says.
      assertThat(accuracy).isGreaterThan(0.975);
    }
  }

  @Test
  void learnsShiftedTemplatesAndKeepsWhatItLearntWhenSaved() throws IOException {
    try (Scope scope = Scope.open();
        Module network = NETWORK.build(IMAGE, new Generator(1));
        Module again = NETWORK.build(IMAGE, new Generator(2))) {
      Tensor templates = Tensor.randn(new Generator(3), 10, 10, 10);
      Images training = shifted(templates, 2000, new Generator(4));
      Images test = shifted(templates, 1000, new Generator(5));
      train(network, training, 8, 50, 6);
      double accuracy = accuracy(network, test);
      assertThat(accuracy).isGreaterThan(0.95);

      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Safetensors.write(network.stateDict(), Map.of(), out);
      try (SafetensorsFile file = Safetensors.read(out.toByteArray(), "weights")) {
        again.loadStateDict(file.tensors());
      }
      again.eval();
      assertThat(again.forward(test.x()).toFloatArray())
          .isEqualTo(network.forward(test.x()).toFloatArray());
    }
  }

  @Test
  void theSameSeedTrainsTheSameBits() {
    assertThat(trained(7)).isEqualTo(trained(7)).isNotEqualTo(trained(8));
  }

  private static float[] trained(long seed) {
    try (Scope scope = Scope.open();
        Module network = NETWORK.build(IMAGE, new Generator(seed))) {
      Tensor templates = Tensor.randn(new Generator(3), 10, 10, 10);
      train(network, shifted(templates, 200, new Generator(4)), 2, 32, seed);
      return network.stateDict().get("12.weight").toFloatArray();
    }
  }

  @Test
  void twoThousandStepsUseNoMoreMemoryThanTwo() {
    long[] inUse = new long[2000];
    try (Scope scope = Scope.open();
        Module network = NETWORK.build(IMAGE, new Generator(1));
        Optimizer optimizer = new Adam(network.parameters())) {
      Images images = shifted(Tensor.randn(new Generator(3), 10, 10, 10), 8, new Generator(4));
      Loss criterion = new CrossEntropyLoss();
      for (int step = 0; step < inUse.length; step++) {
        try (Scope inner = Scope.open()) {
          optimizer.zeroGrad();
          criterion.forward(network.forward(images.x()), images.y()).backward();
          optimizer.step();
        }
        inUse[step] = Backends.allocator(Device.CPU).statistics().inUse();
      }
    }
    assertThat(Arrays.stream(inUse).distinct().toArray()).hasSize(1);
  }
}
