package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Einstein's summation over named dimensions, as {@code "bij,bjk->bik"}: tensors are multiplied
 * from the left to the right, and a dimension that nothing further on names is summed as soon as
 * that holds. An ellipsis stands for the dimensions that have no letter, which broadcast: it is
 * replaced by names of its own, counted from the last.
 */
final class Einsum {
  private static final String ELLIPSIS = "...";
  private static final char UNNAMED = '\u0100';

  private final String equation;
  private final List<String> terms = new ArrayList<>();
  private final String output;

  /** A tensor and the names of its dimensions, one character each, none twice. */
  private record Named(Tensor tensor, String names) {}

  private Einsum(String equation, List<Tensor> operands) {
    this.equation = equation;
    String compact = equation.replace(" ", "");
    int arrow = compact.indexOf("->");
    String[] given = (arrow < 0 ? compact : compact.substring(0, arrow)).split(",", -1);
    if (given.length != operands.size()) {
      throw fail(given.length + " terms do not fit " + operands.size() + " operands");
    }
    int unnamed = 0;
    for (int i = 0; i < given.length; i++) {
      int covered = operands.get(i).dim() - checked(given[i]).length();
      if (covered < 0 || (covered > 0 && !given[i].contains(ELLIPSIS))) {
        throw fail("'" + given[i] + "' does not name the dimensions of " + operands.get(i).shape());
      }
      terms.add(given[i].replace(ELLIPSIS, unnamed(covered)));
      unnamed = Math.max(unnamed, covered);
    }
    String left = String.join("", terms);
    if (arrow < 0) {
      output = unnamed(unnamed) + implied(left);
    } else {
      String right = compact.substring(arrow + 2);
      checked(right);
      output = right.replace(ELLIPSIS, unnamed(unnamed));
    }
    for (char name : output.toCharArray()) {
      if (left.indexOf(name) < 0 || output.indexOf(name) != output.lastIndexOf(name)) {
        throw fail("the result names '" + name + "' twice, or no input has it");
      }
    }
  }

  /** The letters of a term. */
  private String checked(String term) {
    int dots = term.indexOf(ELLIPSIS);
    String letters =
        dots < 0 ? term : term.substring(0, dots) + term.substring(dots + ELLIPSIS.length());
    if (!letters.chars().allMatch(Einsum::isLetter)) {
      throw fail("'" + term + "' has other characters than letters and one ellipsis");
    }
    return letters;
  }

  private static String unnamed(int count) {
    StringBuilder names = new StringBuilder();
    for (int i = count - 1; i >= 0; i--) {
      names.append((char) (UNNAMED + i));
    }
    return names.toString();
  }

  static Tensor run(String equation, List<Tensor> operands) {
    Einsum einsum = new Einsum(equation, operands);
    List<Tensor> full = einsum.withoutRepeated(operands);
    Named product = einsum.single(full.get(0), 0);
    for (int i = 1; i < full.size(); i++) {
      product = einsum.multiply(product, einsum.single(full.get(i), i), einsum.after(i));
    }
    Tensor result = arrange(product, einsum.output);
    // A result that is only a view must not be the operand's own handle.
    return operands.contains(result) ? result.alias() : result;
  }

  /** Without an arrow the result has the letters that occur once, in alphabetical order. */
  private static String implied(String left) {
    Map<Character, Integer> counts = new TreeMap<>();
    for (char name : left.toCharArray()) {
      counts.merge(name, 1, Integer::sum);
    }
    StringBuilder once = new StringBuilder();
    counts.forEach(
        (name, count) -> once.append(count == 1 && isLetter(name) ? name.toString() : ""));
    return once.toString();
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Dimensions of size 1 that others have larger are dropped: there they repeat. */
  private List<Tensor> withoutRepeated(List<Tensor> operands) {
    Map<Character, Long> sizes = sizes(operands);
    List<Tensor> full = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      Tensor operand = operands.get(i);
      String names = terms.get(i);
      for (int d = names.length() - 1; d >= 0; d--) {
        if (operand.size(d) == 1 && sizes.get(names.charAt(d)) != 1) {
          operand = operand.squeeze(d);
          names = without(names, d);
        }
      }
      full.add(operand);
      terms.set(i, names);
    }
    return full;
  }

  private Map<Character, Long> sizes(List<Tensor> operands) {
    Map<Character, Long> sizes = new LinkedHashMap<>();
    for (int i = 0; i < operands.size(); i++) {
      Tensor operand = operands.get(i);
      String names = terms.get(i);
      for (int d = 0; d < names.length(); d++) {
        char name = names.charAt(d);
        long size = operand.size(d);
        long known = sizes.getOrDefault(name, 1L);
        boolean twice = names.indexOf(name) < d && operand.size(names.indexOf(name)) != size;
        if (twice || (known != size && known != 1 && size != 1)) {
          String what = isLetter(name) ? "'" + name + "'" : "a dimension of the ellipsis";
          throw fail(what + " has sizes " + known + " and " + size);
        }
        sizes.put(name, known == 1 ? size : known);
      }
    }
    return sizes;
  }

  /** What the result or an operand after this one names. */
  private String after(int operand) {
    return output + String.join("", terms.subList(operand + 1, terms.size()));
  }

  /** An operand with the diagonals of repeated names, and sums of names that are its alone. */
  private Named single(Tensor operand, int index) {
    Tensor tensor = operand;
    String names = terms.get(index);
    for (int d = 0; d < names.length(); d++) {
      int again = names.indexOf(names.charAt(d), d + 1);
      if (again >= 0) {
        tensor = tensor.diagonal(0, d, again);
        names =
            names.substring(0, d)
                + without(names.substring(d + 1), again - d - 1)
                + names.charAt(d);
        d--;
      }
    }
    String elsewhere = after(index) + String.join("", terms.subList(0, index));
    for (int d = names.length() - 1; d >= 0; d--) {
      if (elsewhere.indexOf(names.charAt(d)) < 0) {
        tensor = tensor.sum(d);
        names = without(names, d);
      }
    }
    return new Named(tensor, names);
  }

  private static String without(String names, int at) {
    return names.substring(0, at) + names.substring(at + 1);
  }

  /** As one product of matrices: shared and kept, left's own, summed, right's own. */
  private Named multiply(Named left, Named right, String kept) {
    StringBuilder batch = new StringBuilder();
    StringBuilder summed = new StringBuilder();
    StringBuilder rows = new StringBuilder();
    StringBuilder columns = new StringBuilder();
    Set<Character> all = new LinkedHashSet<>();
    (left.names + right.names).chars().forEach(c -> all.add((char) c));
    for (char name : all) {
      boolean inLeft = left.names.indexOf(name) >= 0;
      boolean inRight = right.names.indexOf(name) >= 0;
      boolean stays = kept.indexOf(name) >= 0;
      StringBuilder group = inLeft && inRight ? stays ? batch : summed : inLeft ? rows : columns;
      group.append(name);
    }
    Tensor a = arrange(left, "" + batch + rows + summed);
    Tensor b = arrange(right, "" + batch + summed + columns);
    long n = size(a, 0, batch.length());
    long i = size(a, batch.length(), rows.length());
    long k = size(b, batch.length(), summed.length());
    long j = size(b, batch.length() + summed.length(), columns.length());
    Tensor product =
        Dispatch.composed(
            "einsum",
            CastPolicy.LOWER_PRECISION,
            in -> product(in[0].reshape(n, i, k), in[1].reshape(n, k, j), summed.length() > 0),
            a,
            b);
    long[] sizes = new long[batch.length() + rows.length() + columns.length()];
    for (int d = 0; d < sizes.length; d++) {
      int own = batch.length() + rows.length();
      sizes[d] = d < own ? a.size(d) : b.size(d - own + batch.length() + summed.length());
    }
    return new Named(product.reshape(sizes), "" + batch + rows + columns);
  }

  private Tensor product(Tensor a, Tensor b, boolean summed) {
    if (summed && a.dtype() != b.dtype()) {
      throw Products.types("einsum '" + equation + "'", a, b);
    }
    DType dtype = DType.promote(a.dtype(), b.dtype());
    return a.to(dtype).matmul(b.to(dtype));
  }

  private static long size(Tensor tensor, int from, int count) {
    long size = 1;
    for (int d = from; d < from + count; d++) {
      size *= tensor.size(d);
    }
    return size;
  }

  private static Tensor arrange(Named named, String names) {
    int[] dims = new int[names.length()];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = named.names.indexOf(names.charAt(d));
    }
    return named.names.equals(names) ? named.tensor : named.tensor.permute(dims);
  }

  private ShapeException fail(String why) {
    return new ShapeException("einsum '" + equation + "': " + why);
  }
}
