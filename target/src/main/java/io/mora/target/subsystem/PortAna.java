package io.mora.target.subsystem;

import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.status.Status;
import java.util.Arrays;
import java.util.List;

/**
 * How ANA groups are reached through a port. Any thread may read, commands do; a control thread
 * replaces the whole.
 */
public final class PortAna {
  /** Highest ANAGRPID. */
  public static final int GROUPS = (int) AnaGroupState.GROUP.max();

  private volatile Snapshot now;

  public PortAna(List<AnaGroupState> states) {
    long[] changes = new long[GROUPS + 1];
    Arrays.fill(changes, 1);
    now = new Snapshot(byGroup(states), changes);
  }

  private static AnaState[] byGroup(List<AnaGroupState> states) {
    AnaState[] byGroup = new AnaState[GROUPS + 1];
    Arrays.fill(byGroup, AnaState.OPTIMIZED);
    states.forEach(each -> byGroup[each.group()] = each.state());
    return byGroup;
  }

  /** What the ANA log is made of now. */
  public Snapshot now() {
    return now;
  }

  /** Other states from the next command on; groups that keep theirs keep their count. */
  public void set(List<AnaGroupState> states) {
    Snapshot before = now;
    AnaState[] after = byGroup(states);
    if (Arrays.equals(after, before.states)) {
      return;
    }
    long[] changes = before.changes.clone();
    for (int group = 1; group <= GROUPS; group++) {
      if (after[group] != before.states[group]) {
        changes[group]++;
      }
    }
    now = new Snapshot(after, changes);
  }

  /**
   * Whether commands reach a group.
   *
   * @return success, or the status to refuse them with: the host is to take another path
   */
  public int status(int group) {
    return now.refusals[group];
  }

  /** One state of a port; immutable. */
  public static final class Snapshot {
    private final AnaState[] states;
    private final int[] refusals;
    private final long[] changes;

    private Snapshot(AnaState[] states, long[] changes) {
      this.states = states;
      this.changes = changes;
      this.refusals = Arrays.stream(states).mapToInt(Snapshot::refusal).toArray();
    }

    private static int refusal(AnaState state) {
      return switch (state) {
        case OPTIMIZED, NON_OPTIMIZED -> Status.SUCCESS;
        case INACCESSIBLE -> Status.ANA_INACCESSIBLE;
        case PERSISTENT_LOSS -> Status.ANA_PERSISTENT_LOSS;
        case CHANGE -> Status.ANA_TRANSITION;
      };
    }

    public AnaState state(int group) {
      return states[group];
    }

    /** CHGCNT of a group. */
    public long changes(int group) {
      return changes[group];
    }
  }
}
