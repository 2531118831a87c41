package io.mora.target.controller.admin;

import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.HostFeedback.Field;
import io.mora.protocol.intent.LatencyClass;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host told of its own half by feature E3h: the latest report of each class and of some
 * flows. Told back to the same host, and nothing else is done with it. The home shard only.
 */
final class HostReports {
  /** Flows reported on that are kept; a further one takes the place of the oldest. */
  private static final int FLOWS_MAX = 64;

  private static final long MILLION = 1_000_000;

  private final @Nullable HostFeedback[] byClass = new HostFeedback[LatencyClass.COUNT];
  private final Map<Integer, HostFeedback> byFlow = new LinkedHashMap<>();

  void add(HostFeedback report) {
    byClass[(int) report.value(Field.CLASS) & 7] = report;
    int flow = (int) report.value(Field.FLOW);
    if (flow != 0) {
      byFlow.remove(flow);
      if (byFlow.size() == FLOWS_MAX) {
        byFlow.remove(byFlow.keySet().iterator().next());
      }
      byFlow.put(flow, report);
    }
  }

  /** A field of a class's latest report, 0 without one. */
  long of(int latencyClass, Field field) {
    HostFeedback report = byClass[latencyClass];
    return report == null ? 0 : report.value(field);
  }

  /** A count of a class's latest report, per million of its samples. */
  long rate(int latencyClass, Field field) {
    long samples = of(latencyClass, Field.SAMPLES);
    return samples == 0 ? 0 : Math.min(MILLION, of(latencyClass, field) * MILLION / samples);
  }

  /** A field of a flow's latest report, 0 without one. */
  long ofFlow(int flow, Field field) {
    HostFeedback report = byFlow.get(flow);
    return report == null ? 0 : report.value(field);
  }

  void clear() {
    for (int i = 0; i < byClass.length; i++) {
      byClass[i] = null;
    }
    byFlow.clear();
  }
}
