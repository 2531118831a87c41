package io.mora.protocol.admin.storage;

import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.Range;
import io.mora.protocol.status.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a storage is made to fail: for tests of hosts and of what runs on them.
 *
 * @param seed of everything that is drawn; the same operations in the same order meet the same
 *     faults
 * @param rules the first that meets an operation and is due decides
 */
public record FaultSpec(int seed, List<Rule> rules) {
  public static final Range SEED = new Range(0, 1, Integer.MAX_VALUE);
  public static final Range RULES = new Range(1, 1, 32);

  public FaultSpec {
    rules = List.copyOf(rules);
  }

  /** What a rule can be about; FLUSH has no blocks and is met only by rules about all of them. */
  public enum Operation {
    READ,
    WRITE,
    FLUSH,
    ZERO,
    DEALLOCATE
  }

  /**
   * What a rule is about.
   *
   * @param operations none is all of them
   * @param blocks how many from {@code firstBlock} on; 0 is all that follow
   */
  public record Where(Set<Operation> operations, long firstBlock, long blocks) {
    public static final Where EVERYWHERE = new Where(Set.of(), 0, 0);
    public static final Range BLOCK = new Range(0, 0, 1L << 52);

    public Where {
      operations = Set.copyOf(operations);
    }

    /** The operations, none left out. */
    public Set<Operation> all() {
      return operations.isEmpty() ? EnumSet.allOf(Operation.class) : operations;
    }
  }

  /**
   * When a rule is due, of the operations it is about, counted on all shards together.
   *
   * @param skip so many first ones go by
   * @param every then one in so many: the last of each so many, or a drawn one
   * @param random it is drawn by the seed, each time anew
   * @param times after so many faults the rule is spent; 0 never
   */
  public record When(long skip, long every, boolean random, long times) {
    public static final When ALWAYS = new When(0, 1, false, 0);
    public static final Range EVERY = new Range(1, 1, 1_000_000_000);
    public static final Range COUNT = new Range(0, 0, 1_000_000_000);
  }

  /**
   * What happens then.
   *
   * @param status packed; the operation ends with it and is not done. {@code SUCCESS} is none
   * @param stall it waits so long first
   * @param torn of a write only a part of the blocks, from the first on and never all, is written;
   *     then it ends with the status, or as if it were whole
   */
  public record What(int status, Duration stall, boolean torn) {
    public static final Duration STALL_MAX = Duration.ofMinutes(5);
  }

  /** One rule. */
  public record Rule(Where where, When when, What what) {
    void check(List<Problem> problems, String key) {
      number(problems, key + ".firstBlock", where.firstBlock, Where.BLOCK);
      number(problems, key + ".blocks", where.blocks, Where.BLOCK);
      number(problems, key + ".skip", when.skip, When.COUNT);
      number(problems, key + ".every", when.every, When.EVERY);
      number(problems, key + ".times", when.times, When.COUNT);
      Duration stall = what.stall;
      if (stall.isNegative() || stall.compareTo(What.STALL_MAX) > 0) {
        String allowed = "0us to " + Quantity.formatDuration(What.STALL_MAX);
        problems.add(
            Problem.of(key + ".stall", Quantity.formatDuration(stall), allowed, "out of range"));
      }
      if (what.torn && !where.operations.equals(Set.of(Operation.WRITE))) {
        problems.add(
            Problem.of(key + ".torn", true, "operations: [write]", "only writes can be torn"));
      }
      if (Status.isSuccess(what.status) && stall.isZero() && !what.torn) {
        problems.add(Problem.of(key, "", "status, stall or torn: true", "the rule does nothing"));
      }
    }
  }

  /** What is out of range, each under its key. */
  public List<Problem> problems(String key) {
    List<Problem> problems = new ArrayList<>();
    number(problems, key + ".seed", seed, SEED);
    if (!RULES.contains(rules.size())) {
      String allowed = RULES.min() + " to " + RULES.max() + " entries";
      problems.add(
          Problem.of(
              key + ".rules", rules.size() + " entries", allowed, "no such number of rules"));
    }
    for (int i = 0; i < rules.size(); i++) {
      rules.get(i).check(problems, key + ".rules[" + i + "]");
    }
    return problems;
  }

  private static void number(List<Problem> problems, String key, long value, Range range) {
    if (!range.contains(value)) {
      String allowed = range.min() + " to " + range.max();
      problems.add(Problem.of(key, value, allowed, "out of range"));
    }
  }

  // --- statuses as text

  /** How a status is written. */
  public static final String STATUS_FORM = "SCT/SC in hex, as 2/81 or 2/81 dnr";

  private static final Pattern STATUS = Pattern.compile("([0-7])/([0-9A-Fa-f]{1,2})( dnr)?");

  /**
   * A packed status of its text.
   *
   * @throws IllegalArgumentException if it is none, or success
   */
  public static int parseStatus(String text) {
    Matcher parts = STATUS.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a status");
    }
    int status = Status.of(hex(parts.group(1)), hex(parts.group(2)));
    if (Status.isSuccess(status)) {
      throw new IllegalArgumentException("success is no fault");
    }
    return parts.group(3) == null ? status : status | Status.DNR;
  }

  private static int hex(String digits) {
    return Integer.parseInt(digits, 16);
  }

  /** What {@link #parseStatus} reads back. */
  public static String formatStatus(int status) {
    String code =
        Integer.toHexString(Status.sct(status))
            + "/"
            + Integer.toHexString(Status.sc(status) | 0x100).substring(1).toUpperCase(Locale.ROOT);
    return Status.doNotRetry(status) ? code + " dnr" : code;
  }
}
