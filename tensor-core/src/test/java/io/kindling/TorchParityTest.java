package io.kindling;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.testing.Parity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/torch-parity.md} says what there is. To write it anew:
 *
 * <pre>./mvnw test -pl tensor-core -Dtest=TorchParityTest -Dkindling.parity.write=true</pre>
 */
class TorchParityTest {
  private static final Path PAGE = Path.of("..", "docs", "torch-parity.md");
  private static final Path SOURCES = Path.of("src", "test", "java");
  private final Parity parity = new Parity();

  @Test
  void thePageIsWhatThereIs() throws IOException {
    if (Boolean.getBoolean("kindling.parity.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("docs/torch-parity.md is out of date; see this test's comment")
        .isEqualTo(page());
  }

  @Test
  void theListsSpeakOfListedNames() {
    assertThat(parity.strays()).isEmpty();
  }

  @Test
  void testsThatAreNamedCallWhatTheyAreNamedFor() throws IOException {
    for (Parity.Name name : parity.names()) {
      if (name.test() != null) {
        String source = Files.readString(SOURCES.resolve(name.test().replace('.', '/') + ".java"));
        assertThat(name.methods()).as(name.name()).isNotEmpty();
        assertThat(name.methods().stream().map(m -> m.getName().replaceFirst(".*\\.", "")))
            .as("methods for " + name.name() + " in " + name.test())
            .anyMatch(method -> source.contains(method + "("));
      }
    }
  }

  @Test
  void everyMethodIsPyTorchsOrListedAsOurOwn() throws IOException {
    assertThat(parity.beyond().stream().filter(method -> !parity.isCompared(method)))
        .containsExactlyInAnyOrderElementsOf(parity.own().keySet());
    for (Map.Entry<String, String> own : parity.own().entrySet()) {
      if (own.getValue().startsWith("io.kindling.")) {
        Path test = SOURCES.resolve(own.getValue().replace('.', '/') + ".java");
        assertThat(Files.readString(test)).contains(own.getKey() + "(");
      }
    }
  }

  private String page() {
    List<Parity.Name> names = parity.names();
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # PyTorch's names in Kindling

        Written by `TorchParityTest` (tensor-core) from the code and the tests; do not edit. "PyTorch's" in the column
        of evidence: the surface suite compares the name's calls with what PyTorch made of them (values, types, shapes,
        first and second gradients, refusals); otherwise the test that shows it, or "uncovered". Java methods without a
        class are `Tensor`'s.
        """);
    long missing = names.stream().filter(Parity.Name::isMissing).count();
    page.append("\n").append(names.size()).append(" names, of which ").append(missing);
    page.append(" are missing.\n");
    String section = null;
    for (Parity.Name name : names) {
      if (!name.section().equals(section)) {
        section = name.section();
        page.append("\n## ").append(section).append("\n\n");
        page.append("| PyTorch | | Java | evidence | differs |\n|---|---|---|---|---|\n");
      }
      page.append(row(name));
    }
    page.append("\n## Tensor's other methods\n\nCompared with PyTorch: ");
    page.append(list(parity.beyond().stream().filter(parity::isCompared))).append(".\n\n");
    page.append("Kindling's own:\n\n| method | evidence or purpose |\n|---|---|\n");
    parity.own().forEach((method, said) -> page.append(own(method, said)));
    return page.toString();
  }

  private static String row(Parity.Name name) {
    String java =
        name.isMissing() || name.leftOut()
            ? name.leftOut() ? "left out" : "**missing**"
            : name.methods().stream()
                .map(method -> "`" + Parity.signature(method) + "`")
                .distinct()
                .collect(Collectors.joining("<br>"));
    String test = name.test() == null ? null : name.test().replaceFirst(".*\\.", "");
    String evidence = name.called() ? "PyTorch's" : test != null ? test : "uncovered";
    return String.format(
        "| `%s` | %s | %s | %s | %s |\n",
        name.name(),
        name.priority(),
        java,
        name.methods().isEmpty() ? "" : evidence,
        String.join("; ", name.remarks()).replace("|", "\\|"));
  }

  private static String list(Stream<String> methods) {
    return methods.map(method -> "`" + method + "`").collect(Collectors.joining(", "));
  }

  private static String own(String method, String said) {
    return String.format(
        "| `%s` | %s |\n", method, said.replaceFirst("^io\\.kindling\\..*\\.", ""));
  }
}
