package io.mora.tests.kit.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Finds the tests of compiled classes and what they cover. */
public final class CoveringTests {
  private static final String LINUX = "interop";

  private CoveringTests() {}

  /**
   * Every test of the classes in a folder of compiled classes, in order of their names.
   *
   * @throws IllegalStateException if {@link Covers} is on something that is no test
   */
  public static List<CoveringTest> in(Path root, ClassLoader loader) {
    List<CoveringTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.class")).toList()) {
        String name = root.relativize(file).toString().replace(".class", "").replace('/', '.');
        add(tests, Class.forName(name, false, loader));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    tests.sort(null);
    return tests;
  }

  private static void add(List<CoveringTest> tests, Class<?> type) {
    if (Modifier.isAbstract(type.getModifiers())) {
      return;
    }
    Set<String> ofType = claims(type);
    int before = tests.size();
    for (Method method : type.getDeclaredMethods()) {
      Set<String> claims = claims(method);
      if (AnnotationSupport.isAnnotated(method, Testable.class)) {
        claims.addAll(ofType);
        tests.add(new CoveringTest(type, method.getName(), claims, isLinux(type)));
      } else if (!claims.isEmpty()) {
        throw new IllegalStateException("@Covers on what is no test: " + method);
      }
    }
    if (!ofType.isEmpty() && tests.size() == before) {
      throw new IllegalStateException("@Covers on a class without a test: " + type);
    }
  }

  private static Set<String> claims(AnnotatedElement element) {
    Covers covers = element.getAnnotation(Covers.class);
    return covers == null ? new HashSet<>() : new HashSet<>(List.of(covers.value()));
  }

  private static boolean isLinux(Class<?> type) {
    Tag tag = type.getAnnotation(Tag.class);
    return tag != null && tag.value().equals(LINUX);
  }
}
