package io.mora.tests.kit.spec;

import java.util.Locale;
import java.util.Set;

/**
 * A test and the claims it tries.
 *
 * @param claims keys, empty where the test names none
 * @param linux a Linux kernel is the other end
 */
public record CoveringTest(Class<?> type, String method, Set<String> claims, boolean linux)
    implements Comparable<CoveringTest> {
  public CoveringTest {
    claims = Set.copyOf(claims);
  }

  /** The method's name as words: what it says of the target. */
  public String words() {
    return method
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
        .toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(CoveringTest other) {
    int byType = type.getSimpleName().compareTo(other.type.getSimpleName());
    return byType != 0 ? byType : method.compareTo(other.method);
  }

  @Override
  public String toString() {
    return type.getSimpleName() + "." + method;
  }
}
