package io.mora.target.range;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who has, or waits for, ranges of a namespace, in order of arrival. Any thread.
 *
 * <p>Almost always empty: what changes blocks looks, which is one acquiring read, and goes on.
 */
public final class RangeLocks {
  /*
   * Assumes: whoever changes blocks calls isTaken and, if they are not, is visible as a writer on
   * its shard before that shard runs its next task. Whoever was granted an exclusive range looks at
   * every shard, by a task, before it relies on it.
   * Guarantees: a writer then either sees the claim, or is seen by who has it. A claim waits for
   * the earlier ones that it overlaps and no others, so neither kind keeps the other out for ever.
   * Progress: nobody waits here; a change is one compare-and-set of a short list. A queue pair has
   * at most one claim of each kind, so its length is bounded by their number.
   */
  private final AtomicReference<List<RangeClaim>> claims = new AtomicReference<>(List.of());

  /** Whether changing the range has to wait in line. */
  public boolean isTaken(long offsetBytes, long lengthBytes) {
    List<RangeClaim> now = claims.getAcquire();
    if (now.isEmpty()) {
      return false;
    }
    for (RangeClaim claim : now) {
      if (claim.isExclusive() && claim.overlaps(offsetBytes, lengthBytes)) {
        return true;
      }
    }
    return false;
  }

  /** Claims there are, granted or not. */
  public int size() {
    return claims.getAcquire().size();
  }

  /** Adds a claim behind the others; it may be granted before this returns. */
  public void add(RangeClaim claim) {
    List<RangeClaim> before;
    List<RangeClaim> after;
    do {
      before = claims.getAcquire();
      List<RangeClaim> longer = new ArrayList<>(before);
      longer.add(claim);
      after = List.copyOf(longer);
    } while (!claims.compareAndSet(before, after));
    grant(after, before.size());
  }

  /** Takes a claim out, granted or not, and grants those that waited for it. */
  public void remove(RangeClaim claim) {
    List<RangeClaim> before;
    List<RangeClaim> after;
    int at;
    do {
      before = claims.getAcquire();
      at = before.indexOf(claim);
      if (at < 0) {
        return;
      }
      List<RangeClaim> shorter = new ArrayList<>(before);
      shorter.remove(at);
      after = List.copyOf(shorter);
    } while (!claims.compareAndSet(before, after));
    for (int i = at; i < after.size(); i++) {
      if (after.get(i).waitsFor(claim)) {
        grant(after, i);
      }
    }
  }

  private static void grant(List<RangeClaim> claims, int at) {
    for (int i = 0; i < at; i++) {
      if (claims.get(at).waitsFor(claims.get(i))) {
        return;
      }
    }
    claims.get(at).grant();
  }
}
