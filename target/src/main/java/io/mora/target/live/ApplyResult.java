package io.mora.target.live;

import io.mora.protocol.admin.Problem;
import java.util.List;

/**
 * What came of a spec that a running target was to serve.
 *
 * @param problems why nothing was changed; empty if all of it is in force
 * @param changes what is different now; empty with problems, or if nothing differs
 */
public record ApplyResult(List<Problem> problems, List<Change> changes) {
  public ApplyResult {
    problems = List.copyOf(problems);
    changes = List.copyOf(changes);
  }

  public static ApplyResult refused(List<Problem> problems) {
    return new ApplyResult(problems, List.of());
  }

  public static ApplyResult done(List<Change> changes) {
    return new ApplyResult(List.of(), changes);
  }

  public boolean isApplied() {
    return problems.isEmpty();
  }
}
