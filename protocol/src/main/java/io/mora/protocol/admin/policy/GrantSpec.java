package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.Range;
import io.mora.protocol.intent.LatencyClass;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a host may ask of the latency-intent extension, and what the operator gives it unasked.
 *
 * @param baseClass class of its commands that carry no intent; DEFAULT leaves that to namespace,
 *     listener and queue. It is a grant of that class
 * @param maxClass highest class its commands may run in
 * @param step it may mark commands step-critical
 * @param hotMetadata it may ask for the hot tier
 * @param timing what timing replies tell it
 * @param expire its reads may be dropped when it says so
 * @param recur it may say that a range is wanted again
 * @param slots regions it may register
 * @param minBudgetUs floor of a budget in microseconds by class 0..7; 0 is none
 * @param rate how much of classes 5 to 7 it may use
 * @param weight its share among hosts within a class
 */
public record GrantSpec(
    LatencyClass baseClass,
    LatencyClass maxClass,
    boolean step,
    boolean hotMetadata,
    TimingGrant timing,
    boolean expire,
    boolean recur,
    int slots,
    List<Integer> minBudgetUs,
    RateSpec rate,
    int weight) {
  public static final Range SLOTS = new Range(0, 0, 255);
  public static final Range MIN_BUDGET_US = new Range(0, 0, 1_000_000);
  public static final Range WEIGHT = new Range(1, 100, 1_000);

  /** What a host gets of which the configuration says nothing. */
  public static final GrantSpec DEFAULT =
      new GrantSpec(
          LatencyClass.DEFAULT,
          LatencyClass.NORMAL,
          false,
          false,
          TimingGrant.COARSE,
          false,
          false,
          (int) SLOTS.defaultValue(),
          noFloors(),
          RateSpec.UNLIMITED,
          (int) WEIGHT.defaultValue());

  /** How exactly a host may learn where its commands spent their time. */
  public enum TimingGrant {
    /** Rounded up to 16 us: exact times tell about a host's neighbours. */
    COARSE,
    /** To 100 ns. */
    FINE;

    /** As a configuration writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public GrantSpec {
    minBudgetUs = List.copyOf(minBudgetUs);
    if (minBudgetUs.size() != LatencyClass.COUNT) {
      throw new IllegalArgumentException("minBudgetUs: " + minBudgetUs.size() + " entries, not 8");
    }
  }

  /** No floor for any class. */
  public static List<Integer> noFloors() {
    return Collections.nCopies(LatencyClass.COUNT, 0);
  }

  /** Everything, without limits: for a host that is trusted, and for tests. */
  public static GrantSpec everything() {
    return new GrantSpec(
        LatencyClass.DEFAULT,
        LatencyClass.CRITICAL,
        true,
        true,
        TimingGrant.FINE,
        true,
        true,
        (int) SLOTS.max(),
        noFloors(),
        RateSpec.UNLIMITED,
        (int) WEIGHT.defaultValue());
  }

  public GrantSpec withBaseClass(LatencyClass newBase) {
    return new GrantSpec(
        newBase,
        maxClass,
        step,
        hotMetadata,
        timing,
        expire,
        recur,
        slots,
        minBudgetUs,
        rate,
        weight);
  }

  public GrantSpec withMaxClass(LatencyClass newMax) {
    return new GrantSpec(
        baseClass,
        newMax,
        step,
        hotMetadata,
        timing,
        expire,
        recur,
        slots,
        minBudgetUs,
        rate,
        weight);
  }

  public GrantSpec withTiming(TimingGrant newTiming) {
    return new GrantSpec(
        baseClass,
        maxClass,
        step,
        hotMetadata,
        newTiming,
        expire,
        recur,
        slots,
        minBudgetUs,
        rate,
        weight);
  }

  public GrantSpec withRate(RateSpec newRate) {
    return new GrantSpec(
        baseClass,
        maxClass,
        step,
        hotMetadata,
        timing,
        expire,
        recur,
        slots,
        minBudgetUs,
        newRate,
        weight);
  }

  public GrantSpec withMinBudgetUs(List<Integer> floors) {
    return new GrantSpec(
        baseClass, maxClass, step, hotMetadata, timing, expire, recur, slots, floors, rate, weight);
  }

  public GrantSpec withWeight(int newWeight) {
    return new GrantSpec(
        baseClass,
        maxClass,
        step,
        hotMetadata,
        timing,
        expire,
        recur,
        slots,
        minBudgetUs,
        rate,
        newWeight);
  }

  /** Highest class of who has not proved who it is. */
  public static final LatencyClass CLAIM_MAX = LatencyClass.NORMAL;

  /**
   * What of it a host gets while its name is only a claim: nothing that puts it before others by
   * class, tells it of others, or takes memory of the target for it. Its weight stays: within
   * classes 1 to 4 that is what puts it before others.
   */
  public GrantSpec ofClaim() {
    return new GrantSpec(
        lower(baseClass),
        lower(maxClass),
        false,
        false,
        TimingGrant.COARSE,
        expire,
        recur,
        0,
        minBudgetUs,
        rate,
        weight);
  }

  private static LatencyClass lower(LatencyClass granted) {
    return granted.code() > CLAIM_MAX.code() ? CLAIM_MAX : granted;
  }

  /** Highest class its commands can run in: granted, or given by policy. */
  public LatencyClass highestClass() {
    return baseClass.code() > maxClass.code() ? baseClass : maxClass;
  }
}
