package io.mora.tests.kit.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hosts that visit a target with every {@link Abuse} at once, each in a thread of its own. */
public final class HostileCrowd implements AutoCloseable {
  private static final long JOIN_MS = 60_000;

  private final Victim victim;
  private final int pauseMs;
  private final List<Member> members = new ArrayList<>();
  private volatile boolean stop;

  /**
   * Begins.
   *
   * @param each hosts of each kind
   * @param pauseMs between two visits of a host
   */
  public HostileCrowd(Victim victim, int each, int pauseMs, long seed) {
    this.victim = victim;
    this.pauseMs = pauseMs;
    Random seeds = new Random(seed);
    for (Abuse abuse : Abuse.values()) {
      for (int i = 0; i < each; i++) {
        members.add(new Member(abuse, seeds.nextLong()));
      }
    }
    members.forEach(Thread::start);
  }

  private final class Member extends Thread {
    private final Abuse abuse;
    private final Random random;
    private final AtomicLong visits = new AtomicLong();
    private final AtomicLong achieved = new AtomicLong();
    private volatile @Nullable Visit now;

    Member(Abuse abuse, long seed) {
      super("hostile-" + abuse);
      setDaemon(true);
      this.abuse = abuse;
      this.random = new Random(seed);
    }

    @Override
    public void run() {
      while (!stop) {
        visits.incrementAndGet();
        try (Visit visit = new Visit(victim, random)) {
          now = visit;
          if (abuse.visit(visit)) {
            achieved.incrementAndGet();
          }
        } catch (IOException | UncheckedIOException | AssertionError turnedAway) {
          // As it should be; what was achieved is counted.
          now = null;
        }
        try {
          Thread.sleep(pauseMs);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void hurry() {
      Visit visit = now;
      if (visit != null) {
        visit.close();
      }
      interrupt();
    }
  }

  /** Visits begun, of all kinds. */
  public long visits() {
    return members.stream().mapToLong(member -> member.visits.get()).sum();
  }

  /** Visits of a kind at whose end the target had done what it is to do then. */
  public long achieved(Abuse abuse) {
    return of(abuse).mapToLong(member -> member.achieved.get()).sum();
  }

  private Stream<Member> of(Abuse abuse) {
    return members.stream().filter(member -> member.abuse == abuse);
  }

  /** A visit of each kind has come to its end. */
  public boolean achievedAll() {
    return Stream.of(Abuse.values()).allMatch(abuse -> achieved(abuse) > 0);
  }

  /** A line for each kind. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Abuse abuse : Abuse.values()) {
      text.append(abuse)
          .append(": ")
          .append(of(abuse).mapToLong(member -> member.visits.get()).sum())
          .append(" visits, ")
          .append(achieved(abuse))
          .append(" to the end\n");
    }
    return text.toString();
  }

  /** Ends them all, whatever they are at. */
  @Override
  public void close() {
    stop = true;
    members.forEach(Member::hurry);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MS);
    for (Member member : members) {
      try {
        member.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
