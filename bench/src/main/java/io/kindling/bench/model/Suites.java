package io.kindling.bench.model;

import io.kindling.bench.BenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** All cases, by suite. */
public final class Suites {
  private static final String PERCEPTRON =
      """
      {"layers": [
        {"type": "Linear", "outFeatures": 512}, {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 256}, {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 10}]}""";

  private static final String LENET =
      """
      {"layers": [
        {"type": "Conv2d", "outChannels": 6, "kernelSize": 5, "padding": 2}, {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Conv2d", "outChannels": 16, "kernelSize": 5}, {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Flatten"},
        {"type": "Linear", "outFeatures": 120}, {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 84}, {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 10}]}""";

  private static final String CONVNET =
      """
      {"layers": [
        {"type": "Conv2d", "outChannels": 32, "kernelSize": 3, "padding": 1}, {"type": "ReLU"},
        {"type": "Conv2d", "outChannels": 32, "kernelSize": 3, "padding": 1}, {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Conv2d", "outChannels": 64, "kernelSize": 3, "padding": 1}, {"type": "ReLU"},
        {"type": "Conv2d", "outChannels": 64, "kernelSize": 3, "padding": 1}, {"type": "ReLU"},
        {"type": "MaxPool2d", "kernelSize": 2},
        {"type": "Flatten"},
        {"type": "Linear", "outFeatures": 256}, {"type": "ReLU"},
        {"type": "Linear", "outFeatures": 10}]}""";

  private static final List<Case> CASES = cases();

  private Suites() {}

  public static Set<String> names() {
    Set<String> names = new TreeSet<>();
    CASES.forEach(one -> names.add(one.suite()));
    return names;
  }

  /** The cases of a suite, or of all for null. */
  public static List<Case> of(String suite) {
    List<Case> found = CASES.stream().filter(one -> one.suite().equals(suite)).toList();
    if (suite != null && found.isEmpty()) {
      throw new BenchException(
          "there is no suite '" + suite + "'; choose one of " + String.join(", ", names()));
    }
    return suite == null ? CASES : found;
  }

  /** The one case of this name. */
  public static Case of(String suite, String name) {
    return of(suite).stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BenchException("suite " + suite + " has no case '" + name + "'"));
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.add(new ChainCase(16));
    cases.addAll(networks(true));
    cases.addAll(networks(false));
    cases.addAll(OpCase.all());
    for (NetworkCase network : networks(true)) {
      cases.add(new MemoryCase(network, true));
      cases.add(new MemoryCase(network, false));
    }
    for (FeedCase.Kind kind : FeedCase.Kind.values()) {
      cases.add(new FeedCase(kind));
    }
    for (SparkCase.Kind kind : SparkCase.Kind.values()) {
      cases.add(new SparkCase(kind));
    }
    return List.copyOf(cases);
  }

  private static List<NetworkCase> networks(boolean training) {
    return List.of(
        new NetworkCase("perceptron", training, PERCEPTRON, List.of(784L), 128, true),
        new NetworkCase("lenet", training, LENET, List.of(1L, 28L, 28L), 64, false),
        new NetworkCase("convnet", training, CONVNET, List.of(3L, 32L, 32L), 64, false));
  }
}
