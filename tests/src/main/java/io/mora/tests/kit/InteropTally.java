package io.mora.tests.kit;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts tests by tag and says at the end what was run and what was not, and why: a skip must be
 * seen. Found by the test runner through {@code META-INF/services}.
 */
public final class InteropTally implements TestExecutionListener {
  private final Map<String, Integer> executed = new TreeMap<>();
  private final Map<String, Map<String, Integer>> skipped = new TreeMap<>();

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest()) {
      return;
    }
    for (TestTag tag : test.getTags()) {
      if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
        String reason = result.getThrowable().map(Throwable::getMessage).orElse("unknown");
        skip(tag, reason);
      } else {
        executed.merge(tag.getName(), 1, Integer::sum);
      }
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    test.getTags().forEach(tag -> skip(tag, reason));
  }

  private void skip(TestTag tag, String reason) {
    skipped.computeIfAbsent(tag.getName(), t -> new TreeMap<>()).merge(reason, 1, Integer::sum);
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    Map<String, String> lines = new TreeMap<>();
    executed.forEach((tag, count) -> lines.put(tag, line(tag)));
    skipped.forEach((tag, reasons) -> lines.put(tag, line(tag)));
    System.out.println(); // others may have left a line unfinished
    lines.values().forEach(System.out::println);
  }

  private String line(String tag) {
    Map<String, Integer> reasons = skipped.getOrDefault(tag, Map.of());
    int skips = reasons.values().stream().mapToInt(Integer::intValue).sum();
    StringBuilder line = new StringBuilder(tag + ": ");
    line.append(executed.getOrDefault(tag, 0))
        .append(" executed, ")
        .append(skips)
        .append(" skipped");
    reasons.forEach(
        (why, count) ->
            line.append(" because ").append(why).append(" (").append(count).append(')'));
    return line.toString();
  }
}
