package io.kindling.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each block of Java in {@code docs/howto} that a block of text follows, and compares what it
 * prints with that text. Blocks of one page follow each other: each sees the variables of those
 * before it. Lines that begin with {@code import} count for the whole page.
 */
class HowtoTest {
  private static final Path HOWTO = Path.of("..", "docs", "howto");
  private static final Pattern BLOCKS =
      Pattern.compile(
          "^```java\\n(.*?)^```\\n+```text\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  /** Printed between the blocks of a page. */
  private static final String END = "--- end of block ---";

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> pages() throws IOException {
    List<Path> pages;
    try (Stream<Path> files = Files.list(HOWTO)) {
      pages = files.filter(HowtoTest::hasBlocks).sorted().toList();
    }
    assertThat(pages).as("pages with code that prints").isNotEmpty();
    return pages.stream()
        .map(page -> DynamicTest.dynamicTest(page.getFileName().toString(), () -> check(page)))
        .toList();
  }

  private static boolean hasBlocks(Path page) {
    return BLOCKS.matcher(read(page)).find();
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + page, e);
    }
  }

  private void check(Path page) throws Exception {
    StringBuilder imports = new StringBuilder();
    StringBuilder body = new StringBuilder();
    List<String> expected = new ArrayList<>();
    Matcher blocks = BLOCKS.matcher(read(page));
    while (blocks.find()) {
      for (String line : blocks.group(1).split("\n")) {
        (line.startsWith("import ") ? imports : body).append(line).append('\n');
      }
      body.append("System.out.println(\"").append(END).append("\");\n");
      expected.add(blocks.group(2));
    }
    String source =
        imports
            + "public class Page { public static void run() throws Exception {\n"
            + body
            + "}}\n";
    String printed = run(source);
    assertThat(List.of(printed.split(END + "\n"))).isEqualTo(expected);
  }

  private String run(String source) throws Exception {
    Path file = Files.writeString(folder.resolve("Page.java"), source);
    StringWriter errors = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString());
      boolean compiled =
          compiler
              .getTask(errors, files, null, options, null, files.getJavaFileObjects(file))
              .call();
      assertThat(compiled).as(errors + "\n" + source).isTrue();
    }
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader classes = new URLClassLoader(new URL[] {folder.toUri().toURL()});
        Scope scope = Scope.open();
        PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      classes.loadClass("Page").getMethod("run").invoke(null);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
