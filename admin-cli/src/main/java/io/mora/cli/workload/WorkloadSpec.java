package io.mora.cli.workload;

import io.mora.cli.workload.plan.RatePhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A load of requests.
 *
 * @param phases of the part that counts, in order; several are a spike
 * @param warmupNs before it, at the first phase's rate
 * @param budgetNs in which a request's first token is to be there
 * @param computeNs of each layer, once its pages are there
 * @param ahead layers that are read ahead
 * @param sessions chats, of kv-cache
 * @param lookups at once, of rag
 * @param inFlightMax requests under way; one more waits, its time running
 * @param refusable reads of the first layer may be refused by a target that cannot meet their
 *     deadline; what was begun is worth its end
 * @param seed of every draw
 */
public record WorkloadSpec(
    WorkloadKind kind,
    List<RatePhase> phases,
    long warmupNs,
    long budgetNs,
    long computeNs,
    int layers,
    int ahead,
    int smallestPage,
    int largestPage,
    int sessions,
    int lookups,
    int inFlightMax,
    boolean refusable,
    long seed) {

  /** The rate changes: what cannot begin in time is turned away. */
  public boolean isSpike() {
    return phases.size() > 1;
  }

  /** The warm-up's phase, then those that count. */
  List<RatePhase> withWarmUp() {
    List<RatePhase> all = new ArrayList<>();
    all.add(new RatePhase(phases.get(0).perSecond(), warmupNs));
    all.addAll(phases);
    return all;
  }

  /** The same in so much time, for a rehearsal. */
  WorkloadSpec within(long wholeNs) {
    long each = Math.max(1, wholeNs / phases.size());
    List<RatePhase> shorter =
        phases.stream().map(phase -> new RatePhase(phase.perSecond(), each)).toList();
    return new WorkloadSpec(
        kind,
        shorter,
        0,
        budgetNs,
        computeNs,
        layers,
        ahead,
        smallestPage,
        largestPage,
        sessions,
        lookups,
        inFlightMax,
        refusable,
        seed);
  }

  /** How long the part that counts is. */
  public long lengthNs() {
    return phases.stream().mapToLong(RatePhase::lengthNs).sum();
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("workload", kind.word());
    json.put("requestsPerSecond", phases.stream().map(RatePhase::perSecond).toList());
    json.put("phaseNs", phases.get(0).lengthNs());
    json.put("warmupNs", warmupNs);
    json.put("budgetNs", budgetNs);
    json.put("computeNs", computeNs);
    json.put("layers", layers);
    json.put("layersAhead", ahead);
    json.put("smallestPageBytes", smallestPage);
    json.put("largestPageBytes", largestPage);
    json.put("sessions", sessions);
    json.put("lookups", lookups);
    json.put("inFlightMax", inFlightMax);
    json.put("refusable", refusable);
    json.put("seed", seed);
    return json;
  }
}
