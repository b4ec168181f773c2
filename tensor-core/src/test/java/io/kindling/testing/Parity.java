package io.kindling.testing;

import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PyTorch's names and what answers them in Java. {@code parity/names.txt} lists the names by
 * section, {@code answers.txt} the Java methods that are called otherwise, {@code evidence.txt} the
 * tests of what no case of the surface suite calls, {@code remarks.txt} what differs on purpose,
 * {@code own.txt} Tensor's methods that PyTorch has not.
 */
public final class Parity {
  private static final List<String> PACKAGES =
      List.of(
          "io.kindling.tensor.",
          "io.kindling.autograd.",
          "io.kindling.amp.",
          "io.kindling.op.",
          "io.kindling.nn.functional.");

  private final Map<String, String> answers = table("answers.txt");
  private final Map<String, String> evidence = table("evidence.txt");
  private final Map<String, String> remarks = table("remarks.txt");
  private final Map<String, String> own = table("own.txt");
  private final Map<String, List<SurfaceCase>> cases = cases();

  /**
   * A name of PyTorch's.
   *
   * @param methods what answers it in Java; none if it is missing or left out
   * @param leftOut whether it is left out on purpose, for the reason among the remarks
   * @param called whether the surface suite calls it
   * @param test the test that shows it otherwise, or null
   */
  public record Name(
      String section,
      String priority,
      String name,
      List<Executable> methods,
      boolean leftOut,
      boolean called,
      String test,
      List<String> remarks) {
    public boolean isMissing() {
      return methods.isEmpty() && !leftOut;
    }
  }

  /** All names, in the list's order. */
  public List<Name> names() {
    List<Name> names = new ArrayList<>();
    String section = null;
    for (String line : lines("names.txt")) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.length() - 1);
        continue;
      }
      String[] words = line.split(" +");
      for (int i = 1; i < words.length; i++) {
        names.add(name(section, words[0], words[i]));
      }
    }
    return names;
  }

  private Name name(String section, String priority, String name) {
    List<Executable> methods = new ArrayList<>();
    String defaults = "Tensor." + SurfaceMethod.camel(name);
    if (name.startsWith("linalg.")) {
      defaults = "Linalg." + SurfaceMethod.camel(name.substring("linalg.".length()));
    }
    String answer = answers.getOrDefault(name, defaults);
    boolean leftOut = answer.equals("none");
    for (String method : leftOut ? new String[0] : answer.split(" ")) {
      methods.addAll(methods(method));
    }
    boolean called = cases.containsKey(name);
    return new Name(
        section,
        priority,
        name,
        methods,
        leftOut,
        called && !methods.isEmpty(),
        evidence.get(name),
        said(name));
  }

  private List<String> said(String name) {
    Set<String> said = new LinkedHashSet<>();
    if (remarks.containsKey(name)) {
      said.add(remarks.get(name));
    }
    List<SurfaceCase> calls =
        cases.getOrDefault(name, List.of()).stream()
            .filter(call -> call.hasTarget() == name.equals("out="))
            .toList();
    for (SurfaceDifference difference : SurfaceDifference.all()) {
      if (calls.stream().anyMatch(difference::covers)) {
        said.add(difference.reason());
      }
    }
    String missing = missing(name);
    if (!missing.isEmpty()) {
      said.add("not yet: " + missing);
    }
    return List.copyOf(said);
  }

  /** The calls of a name that no overload takes. */
  private static String missing(String name) {
    return Surface.lines("missing.txt").stream()
        .map(
            line ->
                qualified(
                    line.substring(0, line.indexOf('.')), line.substring(line.indexOf('.') + 1)))
        .filter(line -> line.startsWith(name + "("))
        .collect(Collectors.joining(", "));
  }

  /** Names in the lists of answers, evidence and remarks that are not in the list of names. */
  public Set<String> strays() {
    Set<String> strays = new TreeSet<>(answers.keySet());
    strays.addAll(evidence.keySet());
    strays.addAll(remarks.keySet());
    names().forEach(name -> strays.remove(name.name()));
    return strays;
  }

  /** Names of Tensor's public methods that answer none of PyTorch's listed names. */
  public Set<String> beyond() {
    Set<String> listed = new TreeSet<>();
    for (Name name : names()) {
      name.methods().forEach(method -> listed.add(method.getName()));
    }
    Set<String> beyond = new TreeSet<>();
    for (Method method : Tensor.class.getMethods()) {
      boolean declared = method.getDeclaringClass().getPackage() == Tensor.class.getPackage();
      if (declared && !listed.contains(method.getName())) {
        beyond.add(method.getName());
      }
    }
    return beyond;
  }

  /** Whether the surface suite calls a method. */
  public boolean isCompared(String method) {
    return cases.keySet().stream().anyMatch(name -> SurfaceMethod.camel(name).equals(method));
  }

  /** Tensor's methods that PyTorch has not, each with its test or what it is for. */
  public Map<String, String> own() {
    return own;
  }

  /** The public methods that {@code Class.method} stands for; {@code new} for constructors. */
  private static List<Executable> methods(String answer) {
    int dot = answer.indexOf('.');
    Class<?> owner = type(answer.substring(0, dot));
    String name = answer.substring(dot + 1);
    if (owner == null) {
      return List.of();
    }
    Stream<? extends Executable> all =
        name.equals("new")
            ? Arrays.stream(owner.getConstructors())
            : Arrays.stream(owner.getMethods())
                .filter(m -> m.getName().equals(name) && !m.isBridge());
    return all.sorted((a, b) -> signature(a).compareTo(signature(b))).collect(Collectors.toList());
  }

  private static Class<?> type(String simple) {
    for (String prefix : PACKAGES) {
      try {
        return Class.forName(prefix + simple);
      } catch (ClassNotFoundException e) {
        continue; // the next package
      }
    }
    return null;
  }

  /** As {@code add(Tensor)} on a tensor, or with the class before it. */
  public static String signature(Executable method) {
    List<String> types =
        Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
    String list = "(" + String.join(", ", types) + ")";
    if (method.isVarArgs()) {
      list = list.replaceFirst("\\[\\]\\)$", "...)");
    }
    Class<?> owner = method.getDeclaringClass();
    boolean onTensor = owner.isAssignableFrom(Tensor.class);
    if (!(method instanceof Method)) {
      return "new " + owner.getSimpleName() + list;
    }
    String name = method.getName() + list;
    if (onTensor) {
      return Modifier.isStatic(method.getModifiers()) ? "Tensor." + name : name;
    }
    return owner.getSimpleName() + "." + name;
  }

  private static Map<String, List<SurfaceCase>> cases() {
    Map<String, List<SurfaceCase>> cases = new LinkedHashMap<>();
    for (Surface.Family family : Surface.families()) {
      family
          .names()
          .forEach(
              (name, of) -> {
                String known = qualified(family.namespace(), name);
                cases.computeIfAbsent(known, n -> new ArrayList<>()).addAll(of);
                of.stream()
                    .filter(SurfaceCase::hasTarget)
                    .forEach(c -> cases.computeIfAbsent("out=", n -> new ArrayList<>()).add(c));
              });
    }
    return cases;
  }

  /** What the list of names calls a function. */
  private static String qualified(String namespace, String name) {
    return namespace.equals("Linalg") ? "linalg." + name : name;
  }

  private static Map<String, String> table(String file) {
    Map<String, String> table = new LinkedHashMap<>();
    for (String line : lines(file)) {
      String[] parts = line.split(" = ", 2);
      table.put(parts[0], parts[1]);
    }
    return table;
  }

  private static List<String> lines(String file) {
    try (InputStream in = Parity.class.getResourceAsStream("/parity/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
