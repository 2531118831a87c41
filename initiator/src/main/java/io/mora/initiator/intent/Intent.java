package io.mora.initiator.intent;

import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.Minifloat;
import java.time.Duration;

/**
 * What an I/O is for. Immutable; made once, it costs a call nothing.
 *
 * <pre>{@code
 * static final Intent PAGE = Intent.critical().budgetUs(400).step().flow(17);
 * static final Intent NEXT_LAYER = Intent.prefetch(80).budget(Duration.ofMillis(20)).expire();
 *
 * pages.read(slba, 8, page, PAGE);
 * RemoteNamespace checkpoints = pages.with(Intent.bulk());
 * }</pre>
 *
 * <p>It is a claim: the target honours what this host is granted ({@code Association.intentGrant}),
 * lowers the rest and says so in the timing reply. Sent only to a controller that offers the
 * latency-intent extension and agreed to it; any other never sees it.
 */
public final class Intent {
  /** Longest budget in microseconds: 134 s. */
  public static final long BUDGET_US_MAX = Minifloat.MAX;

  public static final int FLOW_MAX = 0xFFFF;

  private static final int CRITICAL = 7;
  private static final int LOW_LATENCY = 6;
  private static final int INTERACTIVE = 5;
  private static final int NORMAL = 4;
  private static final int PREFETCH = 3;
  private static final int BULK = 2;
  private static final int BACKGROUND = 1;
  private static final int CONFIDENCE_MAX = 15;

  private final int cdw2;
  private final int cdw3;

  private Intent(int cdw2, int cdw3) {
    this.cdw2 = cdw2;
    this.cdw3 = cdw3;
  }

  private static Intent of(int latencyClass) {
    return new Intent(0, IntentCodec.cdw3(latencyClass, 0, 0, 0));
  }

  /** Somebody waits and nothing goes on without it; default budget 150 us. */
  public static Intent critical() {
    return of(CRITICAL);
  }

  /** Default budget 400 us. */
  public static Intent lowLatency() {
    return of(LOW_LATENCY);
  }

  /** Default budget 1 ms. */
  public static Intent interactive() {
    return of(INTERACTIVE);
  }

  /** As I/O without intent is treated, unless the target's operator decided otherwise. */
  public static Intent normal() {
    return of(NORMAL);
  }

  /** Much data, where the sum counts and no single command; default budget 100 ms. */
  public static Intent bulk() {
    return of(BULK);
  }

  /** Whenever there is room; default budget 1 s. */
  public static Intent background() {
    return of(BACKGROUND);
  }

  /** Read ahead of need, how sure is not known; default budget 20 ms. */
  public static Intent prefetch() {
    return of(PREFETCH);
  }

  /**
   * Read ahead of need.
   *
   * @param confidencePercent how sure it will be needed, 0 to 100; told in steps of a fifteenth
   */
  public static Intent prefetch(int confidencePercent) {
    if (confidencePercent < 0 || confidencePercent > 100) {
      throw new IllegalArgumentException("confidencePercent " + confidencePercent + ": 0 to 100");
    }
    // 0 on the wire means that nobody knows.
    int confidence = Math.max(1, (confidencePercent * CONFIDENCE_MAX + 50) / 100);
    return new Intent(0, IntentCodec.cdw3(PREFETCH, 0, confidence, 0));
  }

  /**
   * How long the target may take, from the command's arrival to its answer.
   *
   * @param us 1 to {@link #BUDGET_US_MAX}; told with an error below 1/2048, never shorter
   */
  public Intent budgetUs(long us) {
    if (us < 1 || us > BUDGET_US_MAX) {
      throw new IllegalArgumentException("budgetUs " + us + ": 1 to " + BUDGET_US_MAX);
    }
    return new Intent(IntentCodec.cdw2(flow(), us), cdw3);
  }

  /** As {@link #budgetUs}; what is less than a microsecond counts as one. */
  public Intent budget(Duration budget) {
    if (budget.isNegative() || budget.isZero() || budget.toDays() > 1) {
      throw new IllegalArgumentException("budget " + budget + ": 1 us to " + BUDGET_US_MAX + " us");
    }
    return budgetUs((budget.toNanos() + 999) / 1000);
  }

  /** The consumer's step cannot go on without it: before others of its class. */
  public Intent step() {
    return flag(IntentCodec.STEP);
  }

  /** A read that may be dropped once its budget is spent; it then ends as {@code EXPIRED}. */
  public Intent expire() {
    return flag(IntentCodec.EXPIRE);
  }

  /**
   * A critical, low-latency or interactive read that the target may refuse at once where its budget
   * cannot be met: it then ends as {@code REFUSED}, nothing was read, and {@code retryAfterNs} says
   * when to come again. Of other classes it is {@link #expire}; one bit says both.
   */
  public Intent refusable() {
    return flag(IntentCodec.EXPIRE);
  }

  /** As this, but neither to be dropped nor refused. */
  public Intent withoutExpire() {
    int kept = cdw3 & ~IntentCodec.EXPIRE;
    return kept == cdw3 ? this : new Intent(cdw2, kept);
  }

  /** An index, a manifest, a page table: worth keeping in the target's memory. */
  public Intent hotMetadata() {
    return flag(IntentCodec.HOTMETA);
  }

  /** The same blocks are expected again soon. */
  public Intent recurring() {
    return flag(IntentCodec.RECUR);
  }

  /**
   * The answer tells where the target spent the time: {@link io.mora.initiator.io.IoResult#target}.
   */
  public Intent timed() {
    return flag(IntentCodec.RT);
  }

  /** The job or request it belongs to, 1 to 65535; 0 for none. */
  public Intent flow(int flow) {
    if (flow < 0 || flow > FLOW_MAX) {
      throw new IllegalArgumentException("flow " + flow + ": 0 to " + FLOW_MAX);
    }
    return new Intent(IntentCodec.cdw2(flow, budgetUs()), cdw3);
  }

  private Intent flag(int bit) {
    return new Intent(cdw2, cdw3 | bit);
  }

  /** 1 background to 7 critical. */
  public int latencyClass() {
    return IntentCodec.latencyClass(cdw3);
  }

  /** 0 for the class default. */
  public long budgetUs() {
    return IntentCodec.budgetUs(cdw2);
  }

  public int flow() {
    return IntentCodec.flow(cdw2);
  }

  /** Flow and budget as they go into a command. */
  public int cdw2() {
    return cdw2;
  }

  /** Class and flags as they go into a command. */
  public int cdw3() {
    return cdw3;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Intent that && cdw2 == that.cdw2 && cdw3 == that.cdw3;
  }

  @Override
  public int hashCode() {
    return 31 * cdw2 + cdw3;
  }

  @Override
  public String toString() {
    return "class " + latencyClass() + ", budget " + budgetUs() + " us, flow " + flow();
  }
}
