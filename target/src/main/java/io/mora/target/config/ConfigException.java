package io.mora.target.config;

import io.mora.protocol.admin.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used; tells everything that is wrong with it, a line each. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in order of line. */
  public List<Problem> problems() {
    return problems;
  }
}
