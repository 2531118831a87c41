package io.mora.target.controller.admin;

import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.FlowLogPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.IntentIdentify;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.intent.NamespaceIntent;
import io.mora.protocol.status.Status;
import io.mora.target.controller.ClassLog;
import io.mora.target.controller.Controller;
import io.mora.target.controller.RegistrationTable;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.metrics.ClassCounts;
import io.mora.target.metrics.ClassSums;
import io.mora.target.metrics.FlowTable;
import io.mora.target.metrics.QueueCounts;
import io.mora.target.subsystem.Namespace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the latency-intent extension tells in Identify and by logs E0h and E1h. */
final class IntentPages {
  /** What is always there; the reports of a hot tier only with one. */
  private static final int CAPABILITIES =
      IntentIdentify.CARRIER_A
          | IntentIdentify.CARRIER_B
          | IntentIdentify.TIMING_REPLY
          | IntentIdentify.REGISTRATIONS
          | IntentIdentify.FEEDBACK
          | IntentIdentify.SLO_EVENTS
          | IntentIdentify.STRICT
          | IntentIdentify.EXPIRING
          | IntentIdentify.REFUSING
          | IntentIdentify.HASTENING;

  /** Logs E0h and E1h. */
  private static final int LOGS = 2;

  private static final Bytes IDENTIFY = identify(CAPABILITIES);
  private static final Bytes IDENTIFY_HOT = identify(CAPABILITIES | IntentIdentify.CACHE_HITS);

  private static final int HISTOGRAM_MASK = 3;
  private static final long U32_MAX = 0xFFFF_FFFFL;
  private static final int P50 = 500_000;
  private static final int P99 = 990_000;
  private static final int P999 = 999_000;

  private final Controller controller;
  private final HostReports reports;

  IntentPages(Controller controller, HostReports reports) {
    this.controller = controller;
    this.reports = reports;
  }

  private static Bytes identify(int capabilities) {
    return Bytes.of(
        new IntentIdentify(
                capabilities, IntentFeature.COUNT, LOGS, RegistrationTable.SLOTS, FlowTable.FLOWS)
            .toBytes());
  }

  /** Vendor area of Identify Controller. */
  static Bytes controller(Controller controller) {
    return controller.hasHotTier() ? IDENTIFY_HOT : IDENTIFY;
  }

  /** Vendor area of Identify Namespace. */
  static Bytes namespace(Namespace namespace) {
    boolean usable = namespace.policy().intent();
    LatencyClass base = namespace.policy().latencyClass();
    return NamespaceIntent.of(
            (usable ? NamespaceIntent.USABLE : 0)
                | (namespace.hot().isPresent() ? NamespaceIntent.HOT_TIER : 0),
            base == LatencyClass.DEFAULT ? LatencyClass.NORMAL : base,
            NamespaceIntent.MEDIA_UNKNOWN)
        .bytes();
  }

  /** Log E0h as Get Log Page asks for it; the slot fails when it asks for what is not there. */
  ByteBuf classes(CommandSlot slot) {
    int lsp = GetLogPage.lsp(slot.sqe, 0);
    int qid = GetLogPage.lsi(slot.sqe, 0);
    int nsid = slot.nsid() == Sqe.NSID_ALL ? 0 : slot.nsid();
    ByteBuf page = Unpooled.buffer(ClassLogPage.LENGTH, ClassLogPage.LENGTH);
    page.writeZero(ClassLogPage.LENGTH);
    if ((lsp & ~(ClassLogPage.RESET | HISTOGRAM_MASK)) != 0) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, Sqe.CDW10);
    } else if (qid != 0 && !controller.classLog().has(qid)) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, Sqe.CDW11);
    } else if (nsid != 0 && controller.namespaces().find(nsid) == null) {
      slot.fail(Status.INVALID_NAMESPACE | Status.DNR, Sqe.NSID);
    } else {
      boolean begins = (lsp & ClassLogPage.RESET) != 0 && isWhole(slot);
      ClassLog.Reading reading = controller.classLog().read(qid, nsid, begins);
      page(reading, lsp & HISTOGRAM_MASK).encode(page, 0);
    }
    return page;
  }

  /** Counting begins anew with the command that reads the end of the log. */
  private static boolean isWhole(CommandSlot slot) {
    long offset = GetLogPage.offset(slot.sqe, 0);
    return offset >= 0
        && offset <= ClassLogPage.LENGTH
        && offset + slot.dataLength >= ClassLogPage.LENGTH;
  }

  private ClassLogPage page(ClassLog.Reading reading, int histogram) {
    ClassLogPage.Header header =
        ClassLogPage.Header.begin()
            .set(ClassLogPage.Header.Field.GENERATION, controller.intent().grant().generation())
            .set(ClassLogPage.Header.Field.WINDOW_START_MS, reading.startMs())
            .set(ClassLogPage.Header.Field.UPTIME_NS, controller.uptimeNs())
            .build();
    List<ClassRecord> records = new ArrayList<>();
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      records.add(record(reading.sums(), i, histogram));
    }
    return new ClassLogPage(header, records);
  }

  private ClassRecord record(ClassSums sums, int i, int histogram) {
    long[] total = sums.histogram(i, ClassLogPage.TOTAL);
    long churn =
        sums.counter(i, ClassCounts.REGISTRATION_STALE)
            + sums.counter(i, ClassCounts.REGISTRATION_CHANGES);
    long commands = sums.counter(i, ClassCounts.COMMANDS);
    long deferred = sums.counter(i, ClassCounts.DEFERRED);
    return ClassRecord.builder()
        .set(ClassRecord.Field.COMMANDS, commands)
        .set(ClassRecord.Field.BYTES, sums.counter(i, ClassCounts.BYTES))
        .set(ClassRecord.Field.MISSES, sums.counter(i, ClassCounts.MISSES))
        .set(ClassRecord.Field.DEFERRED, deferred)
        .set(ClassRecord.Field.DOWNGRADED, sums.counter(i, ClassCounts.DOWNGRADED))
        .set(ClassRecord.Field.THROTTLED, sums.counter(i, ClassCounts.THROTTLED))
        .set(ClassRecord.Field.EXPIRED, sums.counter(i, ClassCounts.EXPIRED))
        .set(ClassRecord.Field.REFUSED, sums.counter(i, ClassCounts.REFUSED))
        .set(ClassRecord.Field.STEP, sums.counter(i, ClassCounts.STEP))
        .set(ClassRecord.Field.STEP_MISSES, sums.counter(i, ClassCounts.STEP_MISSES))
        .set(ClassRecord.Field.CACHE_HITS, sums.counter(i, ClassCounts.CACHE_HITS))
        .set(ClassRecord.Field.REGISTRATION_HITS, sums.counter(i, ClassCounts.REGISTRATION_HITS))
        .set(ClassRecord.Field.REGISTRATION_CHURN, churn)
        .set(ClassRecord.Field.P50_NS, quantile(total, P50))
        .set(ClassRecord.Field.P99_NS, quantile(total, P99))
        .set(ClassRecord.Field.P999_NS, quantile(total, P999))
        .set(ClassRecord.Field.USEFUL_P50_NS, reports.of(i, HostFeedback.Field.USEFUL_P50_NS))
        .set(ClassRecord.Field.USEFUL_P99_NS, reports.of(i, HostFeedback.Field.USEFUL_P99_NS))
        .set(ClassRecord.Field.DEFERRED_RATE, commands == 0 ? 0 : deferred * 1_000_000 / commands)
        .set(
            ClassRecord.Field.LOCALITY_MISS_RATE,
            reports.rate(i, HostFeedback.Field.LOCALITY_MISSES))
        .set(ClassRecord.Field.BUCKETS, ClassRecord.encodeBuckets(sums.histogram(i, histogram)))
        .build();
  }

  private static long quantile(long[] counts, int perMillion) {
    return Math.min(U32_MAX, LatencyBuckets.quantileNs(counts, perMillion));
  }

  /** Log E1h: the flows of all queues, busiest first. */
  ByteBuf flows() {
    Map<Integer, FlowTable.FlowCounts> byFlow = new HashMap<>();
    for (QueueCounts queue : controller.classLog().queues()) {
      FlowTable flows = queue.flows();
      if (flows != null) {
        flows.forEach(flow -> byFlow.merge(flow.flow(), flow, IntentPages::together));
      }
    }
    List<FlowLogPage.Flow> busiest =
        byFlow.values().stream()
            .sorted(Comparator.comparingLong(FlowTable.FlowCounts::commands).reversed())
            .limit(FlowTable.FLOWS)
            .map(this::flow)
            .toList();
    FlowLogPage page = new FlowLogPage(busiest);
    ByteBuf buf = Unpooled.buffer(page.length(), page.length());
    buf.writeZero(page.length());
    page.encode(buf, 0);
    return buf;
  }

  private static FlowTable.FlowCounts together(
      FlowTable.FlowCounts one, FlowTable.FlowCounts other) {
    long[] buckets = one.buckets();
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] += other.buckets()[i];
    }
    return new FlowTable.FlowCounts(
        one.flow(),
        Math.max(one.latencyClass(), other.latencyClass()),
        one.commands() + other.commands(),
        one.misses() + other.misses(),
        buckets);
  }

  private FlowLogPage.Flow flow(FlowTable.FlowCounts counts) {
    return new FlowLogPage.Flow(
        counts.flow(),
        counts.latencyClass(),
        Math.min(U32_MAX, counts.commands()),
        Math.min(U32_MAX, counts.misses()),
        quantile(counts.buckets(), P99),
        reports.ofFlow(counts.flow(), HostFeedback.Field.LOCALITY_MISSES),
        reports.ofFlow(counts.flow(), HostFeedback.Field.REGISTRATION_CHURN));
  }
}
