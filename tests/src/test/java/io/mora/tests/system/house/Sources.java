package io.mora.tests.system.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import io.mora.tests.kit.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The parsed Java sources of all modules. */
final class Sources {
  private static final List<String> MODULES =
      List.of("protocol", "qos", "initiator", "target", "admin-cli", "tests");

  private final List<CompilationUnitTree> units = new ArrayList<>();
  private final SourcePositions positions;

  private Sources(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
    positions = Trees.instance(task).getSourcePositions();
    try {
      task.parse().forEach(units::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Main sources of every module. */
  static Sources main() {
    return of("src/main/java");
  }

  /** Test sources of every module. */
  static Sources test() {
    return of("src/test/java");
  }

  private static Sources of(String folder) {
    List<Path> files = new ArrayList<>();
    for (String module : MODULES) {
      Path root = Repository.root().resolve(module).resolve(folder);
      if (Files.isDirectory(root)) {
        try (Stream<Path> walk = Files.walk(root)) {
          walk.filter(file -> file.toString().endsWith(".java")).sorted().forEach(files::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new Sources(files);
  }

  List<CompilationUnitTree> units() {
    return units;
  }

  SourcePositions positions() {
    return positions;
  }

  /** Path of a file from the repository's root. */
  static String name(CompilationUnitTree unit) {
    return Repository.root().relativize(Path.of(unit.getSourceFile().toUri())).toString();
  }

  static String packageOf(CompilationUnitTree unit) {
    return String.valueOf(unit.getPackageName());
  }
}
