package io.mora.cli.workload.plan;

/** For so long so many requests a second. */
public record RatePhase(double perSecond, long lengthNs) {}
