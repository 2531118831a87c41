package io.mora.tests.system.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.cli.MoraCommand;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.intent.LatencyBuckets;
import io.mora.protocol.intent.Timing;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.api.ApiClient;
import io.mora.tests.kit.api.ManagedTarget;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every way to look at a target tells the same of the same commands: log E0h, the API, metrics,
 * {@code mora} commands, and the timing replies that hosts got.
 */
class ViewsAgreeTest {
  private static final String HOST = "nqn.2026-01.io.mora:trusted";
  private static final int PER_CLASS = 100;

  /** Set Features E0h: version 1, intent in CDW2 and CDW3, timing of every command. */
  private static final int OPT_IN = 0x494C0000 | 1 | 1 << 4 | 1 << 5;

  /** CDW3: version 1. */
  private static final int VERSION_1 = 1 << 28;

  private static final int HEADER = 256;
  private static final int RECORD = 1024;
  private static final int DEVICE = 2;

  /** So slow that everything else is a small part of the time. */
  private static final BackendSpec.Device SLOW =
      new BackendSpec.Device(
          32,
          50,
          BackendSpec.Device.FLASH.read(),
          BackendSpec.Device.FLASH.write(),
          0,
          BackendSpec.Device.FLASH.slowTime());

  @TempDir Path folder;
  private ManagedTarget served;
  private ApiClient api;

  @BeforeEach
  void start() {
    BackendSpec slow = new BackendSpec.Delayed(new BackendSpec.Memory(1 << 20), SLOW);
    List<NamespaceSpec> namespaces = List.of(NamespaceSpec.of(Served.SUBSYSTEM, 1, 4096, slow));
    TargetSpec spec =
        Served.on(1)
            .listening(0)
            .withSubsystems(List.of(SubsystemSpec.openToAll(Served.SUBSYSTEM, namespaces)))
            .withHosts(List.of(new HostSpec(new Nqn(HOST), GrantSpec.everything())))
            .withLatencyIntent(new IntentSpec(true));
    served = ManagedTarget.start(folder, spec);
    api = served.client();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  /** A controller of the host, which asks for timing. */
  private RawSession session() {
    String subsystem = Served.SUBSYSTEM.value();
    Frame connect = Capsules.connect(0, Capsules.connectData(0xFFFF, subsystem, HOST));
    RawSession session =
        RawSession.connect(served.target().listeners().get(0).address(), subsystem, connect, 0);
    session.enable();
    RawHost admin = session.admin();
    assertThat(admin.run(Capsules.setFeature(admin.cid(), 0xE0, OPT_IN)).code()).isZero();
    return session;
  }

  private static RawHost queue(RawSession session) {
    byte[] data = Capsules.connectData(session.cntlid(), Served.SUBSYSTEM.value(), HOST);
    return session.queue(Capsules.connect(1, data), 0, 0);
  }

  private static Frame read(RawHost host, int latencyClass) {
    return Capsules.blocks(Capsules.transfer(0x02, host.cid(), 1, 4096), 0, 1)
        .put(Capsules.SQE + 12, 4, VERSION_1 | latencyClass << 25);
  }

  private JsonNode command(String line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine mora =
        MoraCommand.create().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    assertThat(mora.execute(line.split(" "))).as(line + err).isZero();
    try {
      return new ObjectMapper().readTree(out.toString());
    } catch (JsonProcessingException e) {
      throw new AssertionError(out.toString(), e);
    }
  }

  private static ByteBuffer log(RawHost admin, int histogram) {
    Outcome outcome =
        admin.run(
            Capsules.getLog(admin.cid(), 0xE0, 0, HEADER + 8 * RECORD)
                .put(Capsules.CDW10 + 1, 1, histogram));
    assertThat(outcome.code()).isZero();
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static JsonNode of(JsonNode classes, int code) {
    for (JsonNode each : classes) {
      if (each.path("code").asInt() == code) {
        return each;
      }
    }
    throw new AssertionError("no class " + code + " in " + classes);
  }

  private static long quantile(List<Long> times, int percent) {
    List<Long> sorted = times.stream().sorted().toList();
    return sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  /** The same bucket, or its neighbour: a reply's times are rounded up to 100 ns. */
  private static void sameBucket(long exactNs, long endNs) {
    int end = LatencyBuckets.of(endNs - 1);
    assertThat(LatencyBuckets.of(exactNs)).isBetween(end - 1, end + 1);
  }

  /** The classic bucket in which a share of the samples ends has to hold what others tell. */
  private void scraped(String word, int percent, long toldNs) {
    NavigableMap<Double, Double> buckets = new TreeMap<>();
    api.get("metrics")
        .body()
        .lines()
        .filter(l -> l.startsWith("mora_completion_seconds_bucket{class=\"" + word + "\""))
        .forEach(
            l -> {
              String le = l.substring(l.indexOf("le=\"") + 4, l.lastIndexOf('"'));
              double edge = le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
              buckets.put(edge, Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)));
            });
    assertThat(buckets.lastEntry().getValue()).as("samples of %s", word).isEqualTo(PER_CLASS);
    double end =
        buckets.entrySet().stream()
            .filter(each -> each.getValue() * 100 >= PER_CLASS * percent)
            .mapToDouble(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();
    Double before = buckets.lowerKey(end);
    assertThat(Math.round(end * 1e9)).isGreaterThanOrEqualTo(toldNs);
    assertThat(before == null ? 0 : Math.round(before * 1e9)).isLessThan(toldNs);
  }

  @Test
  void logApiMetricsAndCommandsTellTheSame() {
    try (RawSession session = session()) {
      RawHost host = queue(session);
      top(); // windows begin with the first question
      Map<Integer, List<Long>> device = new TreeMap<>();
      for (int i = 0; i < PER_CLASS; i++) {
        for (int code : new int[] {2, 4, 7}) {
          Outcome read = host.run(read(host, code));
          assertThat(read.code()).isZero();
          device
              .computeIfAbsent(code, missing -> new ArrayList<>())
              .add(Timing.deviceNs(read.result()));
        }
      }
      Waiting.until(
          "the last reply is counted",
          () -> log(session.admin(), 0).getLong(HEADER + 7 * RECORD) == PER_CLASS);
      ByteBuffer total = log(session.admin(), 0);
      ByteBuffer devices = log(session.admin(), DEVICE);
      String socket = " --socket " + folder.resolve("a.sock");
      JsonNode told = api.get("api/v1/classes").json().path("classes");
      JsonNode listed = command("class list -o json" + socket).path("classes");
      for (Map.Entry<Integer, List<Long>> each : device.entrySet()) {
        int code = each.getKey();
        int at = HEADER + code * RECORD;
        long p50 = total.getInt(at + 96);
        long p99 = total.getInt(at + 100);
        assertThat(total.getLong(at)).isEqualTo(PER_CLASS);
        for (JsonNode view : List.of(of(told, code), of(listed, code))) {
          assertThat(view.path("commands").asLong()).isEqualTo(PER_CLASS);
          assertThat(view.path("p50Ns").asLong()).isEqualTo(p50);
          assertThat(view.path("p99Ns").asLong()).isEqualTo(p99);
        }
        String word = of(told, code).path("class").asText();
        scraped(word, 50, p50);
        scraped(word, 99, p99);
        long[] counts = new long[LatencyBuckets.COUNT];
        for (int i = 0; i < counts.length; i++) {
          counts[i] = devices.getLong(at + 256 + 8 * i);
        }
        List<Long> replies = each.getValue();
        sameBucket(quantile(replies, 50), LatencyBuckets.quantileNs(counts, 500_000));
        sameBucket(quantile(replies, 99), LatencyBuckets.quantileNs(counts, 990_000));
      }
      Waiting.until(
          "a reading that has all", () -> top().at("/total/commands").asLong() == 3L * PER_CLASS);
      JsonNode top = command("top --once --window 60 -o json" + socket);
      assertThat(top.at("/total/commands").asLong()).isEqualTo(3L * PER_CLASS);
      assertThat(top.at("/hosts/0/host").asText()).isEqualTo(HOST);
      assertThat(top.at("/hosts/0/commands").asLong()).isEqualTo(3L * PER_CLASS);
      assertThat(top.at("/namespaces/0/commands").asLong()).isEqualTo(3L * PER_CLASS);
    }
  }

  private JsonNode top() {
    return api.get("api/v1/top?window=60").json();
  }

  /** What a bench prints of the target is what the target says of those commands. */
  @Test
  void benchAgreesWithTheTarget() {
    JsonNode bench =
        command(
            "bench -a 127.0.0.1 --duration 2s --warm-up 0s --depth 4 -o json -n "
                + Served.SUBSYSTEM
                + " -q "
                + HOST
                + " -s "
                + served.address().port());
    JsonNode stages = bench.path("stages");
    long reads = bench.at("/reads/count").asLong();
    assertThat(bench.path("targetTold").asBoolean()).isTrue();
    assertThat(stages.at("/device/count").asLong()).isEqualTo(reads);
    Waiting.until("all are counted", () -> normal().path("commands").asLong() >= reads);
    // No command was longer at the device than in the target, nor there than for the client.
    long inTarget = LatencyBuckets.of(normal().path("p50Ns").asLong() - 1);
    assertThat(inTarget)
        .isBetween(
            (long) LatencyBuckets.of(stages.at("/device/p50Ns").asLong()) - 1,
            (long) LatencyBuckets.of(stages.at("/total/p50Ns").asLong()) + 1);
  }

  private JsonNode normal() {
    return of(api.get("api/v1/classes").json().path("classes"), 4);
  }
}
