package io.kindling.bench.harness;

import io.kindling.bench.BenchException;
import io.kindling.bench.libtorch.LibTorch;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.model.Work;
import io.kindling.bench.ours.Ours;

/** Who does the work. */
public enum Side {
  OURS("ours"),
  /** In the JVM. */
  PEER("LibTorch"),
  /** In Python, where it is present. */
  PYTORCH("PyTorch");

  private final String label;

  Side(String label) {
    this.label = label;
  }

  /** What messages call it. */
  String label() {
    return label;
  }

  /** Makes a case ready in this process. */
  Work work(StepCase one, Format format, int threads) {
    return switch (this) {
      case OURS -> Ours.of(one, format);
      case PEER -> LibTorch.of(one, format, threads);
      case PYTORCH -> throw new BenchException("PyTorch's side runs in Python, not in a JVM");
    };
  }
}
