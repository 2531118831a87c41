package io.mora.target.metrics.prometheus;

import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.TargetStats;
import java.util.Map;

/**
 * What a scrape tells.
 *
 * @param total everything; never falls
 * @param hosts by NQN, bounded; never fall
 * @param namespaces by {@code NQN/NSID}, bounded; never fall
 * @param ioQueues by shard
 * @param gauges further numbers, by name
 */
@SuppressWarnings("ArrayRecordComponent") // read once and dropped
public record MetricsInput(
    TargetStats stats,
    ClassSums total,
    Map<String, ClassSums> hosts,
    Map<String, ClassSums> namespaces,
    int connections,
    int[] ioQueues,
    Map<String, Double> gauges) {}
