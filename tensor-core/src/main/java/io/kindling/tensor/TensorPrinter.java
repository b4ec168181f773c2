package io.kindling.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Shows a tensor as PyTorch does: all elements, or the first and last few of each dimension where
 * there are many, then what cannot be seen from them. {@link PrintOptions} says how many.
 */
final class TensorPrinter {
  private static final String PREFIX = "tensor(";
  private static final long GAP = -1;

  private final Tensor tensor;
  private final PrintOptions options;
  private final boolean summarised;
  private final boolean floating;
  private final ElementFormat format;

  private TensorPrinter(Tensor tensor, PrintOptions options) {
    this.tensor = tensor;
    this.options = options;
    this.summarised = tensor.numel() > options.threshold();
    this.floating = tensor.dtype().isFloatingPoint();
    List<Long> shown = new ArrayList<>();
    if (tensor.numel() > 0) {
      visit(tensor.layout(), shown::add);
    }
    this.format =
        floating
            ? ElementFormat.of(shown.stream().mapToDouble(this::number).toArray(), options)
            : ElementFormat.of(shown.stream().map(this::text).toArray(String[]::new));
  }

  static String print(Tensor tensor) {
    if (tensor.isClosed()) {
      return "tensor(closed, size=" + size(tensor.shape()) + ", dtype=" + name(tensor) + ")";
    }
    PrintOptions options = PrintOptions.get();
    Tensor here = tensor.to(Device.CPU);
    String elements =
        here.numel() == 0
            ? "[]"
            : new TensorPrinter(here, options).elements(here.layout(), PREFIX.length());
    if (here != tensor) {
      here.close();
    }
    return withSuffixes(PREFIX + elements, suffixes(tensor, options), options.lineWidth());
  }

  private static List<String> suffixes(Tensor tensor, PrintOptions options) {
    List<String> suffixes = new ArrayList<>();
    DType dtype = tensor.dtype();
    if (!tensor.device().equals(Device.CPU)) {
      suffixes.add("device='" + tensor.device() + "'");
    }
    boolean empty = tensor.numel() == 0;
    if (empty ? tensor.dim() != 1 : options.edgeItems() == 0) {
      suffixes.add("size=" + size(tensor.shape()));
    }
    // Elements show that they are integers or booleans, if there are any.
    boolean seen = !empty && (dtype == DType.INT64 || dtype == DType.BOOL);
    if (dtype != DType.defaultFloating() && !seen) {
      suffixes.add("dtype=" + name(tensor));
    }
    if (tensor.gradFn() != null) {
      suffixes.add("grad_fn=" + tensor.gradFn());
    } else if (tensor.requiresGrad()) {
      suffixes.add("requires_grad=True");
    }
    return suffixes;
  }

  private static String name(Tensor tensor) {
    return "torch." + tensor.dtype();
  }

  /** As Python writes a tuple. */
  private static String size(Shape shape) {
    String sizes = shape.toString();
    String inside = sizes.substring(1, sizes.length() - 1);
    return "(" + inside + (shape.rank() == 1 ? ",)" : ")");
  }

  private static String withSuffixes(String text, List<String> suffixes, int lineWidth) {
    StringBuilder result = new StringBuilder(text);
    int column = text.length() - text.lastIndexOf('\n') + 1;
    for (String suffix : suffixes) {
      if (column + suffix.length() + 2 > lineWidth) {
        result.append(",\n").append(" ".repeat(PREFIX.length())).append(suffix);
        column = PREFIX.length() + suffix.length();
      } else {
        result.append(", ").append(suffix);
        column += suffix.length() + 2;
      }
    }
    return result.append(')').toString();
  }

  /** Which elements of a dimension are shown, and {@link #GAP} where some are left out. */
  private long[] shown(long size) {
    int edge = options.edgeItems();
    if (!summarised || size <= 2L * edge) {
      return LongStream.range(0, size).toArray();
    }
    LongStream last = LongStream.range(size - edge, size);
    return LongStream.concat(LongStream.range(0, edge), LongStream.concat(LongStream.of(GAP), last))
        .toArray();
  }

  private void visit(Layout layout, Consumer<Long> positions) {
    if (layout.rank() == 0) {
      positions.accept(layout.offset());
      return;
    }
    for (long i : shown(layout.size(0))) {
      if (i != GAP) {
        visit(layout.select(0, i), positions);
      }
    }
  }

  private String elements(Layout layout, int indent) {
    if (layout.rank() == 0) {
      return element(layout.offset());
    }
    List<String> parts = new ArrayList<>();
    boolean row = layout.rank() == 1;
    for (long i : shown(layout.size(0))) {
      if (i == GAP) {
        // PyTorch sets the gap in a row off by a space, if there is something to set it off from.
        parts.add(row && options.edgeItems() > 0 ? " ..." : "...");
      } else {
        parts.add(elements(layout.select(0, i), indent + 1));
      }
    }
    String next = " ".repeat(indent + 1);
    if (!row) {
      return "[" + String.join("," + "\n".repeat(layout.rank() - 1) + next, parts) + "]";
    }
    int perLine = Math.max(1, (options.lineWidth() - indent) / (format.width() + 2));
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < parts.size(); from += perLine) {
      lines.add(String.join(", ", parts.subList(from, Math.min(from + perLine, parts.size()))));
    }
    return "[" + String.join(",\n" + next, lines) + "]";
  }

  private String element(long position) {
    return floating ? format.format(number(position)) : format.padded(text(position));
  }

  private double number(long position) {
    return tensor.dtype().readDouble(address(position));
  }

  private String text(long position) {
    long value = tensor.dtype().readLong(address(position));
    if (tensor.dtype() == DType.BOOL) {
      return value == 0 ? "False" : "True";
    }
    return Long.toString(value);
  }

  private long address(long position) {
    return tensor.storage().address() + position * tensor.dtype().bytes();
  }
}
