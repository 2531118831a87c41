package io.mora.tests.system.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.config.ConfigFile;
import io.mora.tests.kit.Repository;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows can be typed. */
class ReadmeTest {
  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(Repository.root().resolve("README.md"));
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme());
    assertThat(block.find()).as("a block of " + language).isTrue();
    return block.group(1);
  }

  @Test
  void theJavaServiceCompiles() throws IOException {
    String source =
        """
        import io.mora.initiator.*;
        import io.mora.initiator.io.Completion;
        import java.nio.ByteBuffer;
        class Service { void run() { %s } }
        """
            .formatted(block("java"));
    assertThat(block("java").lines().count()).isLessThanOrEqualTo(10);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    JavaFileObject unit =
        new SimpleJavaFileObject(URI.create("string:///Service.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            folder.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    boolean compiles = compiler.getTask(said, null, null, options, null, List.of(unit)).call();
    assertThat(compiles).as(said.toString()).isTrue();
  }

  @Test
  void theConfigurationIsValid() throws Exception {
    Path config = Files.writeString(folder.resolve("disk.yaml"), block("yaml"));
    assertThat(ConfigFile.read(config).spec().subsystems()).hasSize(1);
  }

  @Test
  void everyFileItNamesIsThere() throws IOException {
    try (Stream<String> links =
        Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(readme()).results().map(m -> m.group(1))) {
      assertThat(links).allSatisfy(link -> assertThat(Repository.root().resolve(link)).exists());
    }
  }
}
