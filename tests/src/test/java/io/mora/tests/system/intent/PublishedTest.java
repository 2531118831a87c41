package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mora.protocol.Nqn;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.mode.LatencyWindow.Report;
import io.mora.target.metrics.TargetStats;
import io.mora.target.metrics.TargetStats.ModeRow;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** A target tells what became of its latency modes and classes: by its statistics and its log. */
class PublishedTest {
  private static final int CRITICAL = 0x1E00_0000;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.mora.target");

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    logger.setLevel(null);
  }

  private List<String> lines(String part) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel() == Level.INFO)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(part))
        .toList();
  }

  private static Report mode(IntentRig rig, int nsid) {
    TargetStats stats = rig.target().stats();
    return stats.modes().stream()
        .filter(row -> row.nsid() == nsid && row.subsystemNqn().equals(IntentRig.NQN))
        .map(ModeRow::report)
        .findFirst()
        .orElseThrow();
  }

  private static void critical(RawHost queue, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(queue.run(IntentRig.read(queue, 0, CRITICAL)).code()).isZero();
    }
  }

  @Test
  void aModeTellsWhatBecameOfItsPromiseWhenItEnds() {
    int nsid = Setup.NSID_4K;
    try (IntentRig rig = IntentRig.start(IntentRig.spec())) {
      RawSession session = rig.optedIn(IntentRig.TRUSTED, 0);
      RawHost queue = IntentRig.queue(session, IntentRig.TRUSTED, 1);
      critical(queue, 3);
      Waiting.until("three counted", () -> mode(rig, nsid).commands() == 3);
      assertThat(mode(rig, nsid).mode()).isEqualTo(LatencyMode.AUTO);
      rig.target().latencyMode(new Nqn(IntentRig.NQN), nsid, LatencyMode.AUTO);
      assertThat(lines("Latency mode")).as("the same mode goes on").isEmpty();

      rig.target().latencyMode(new Nqn(IntentRig.NQN), nsid, LatencyMode.BOUNDED);
      assertThat(lines("Latency mode auto of " + IntentRig.NQN + " namespace " + nsid + " ended"))
          .singleElement()
          .asString()
          .contains("of class 7 at most 100 take longer than 150 us; ")
          .contains(" of 3 did, ");
      assertThat(mode(rig, nsid).mode()).isEqualTo(LatencyMode.BOUNDED);
      assertThat(mode(rig, nsid).commands()).as("since it began").isZero();
      critical(queue, 2);
      Waiting.until("two counted", () -> mode(rig, nsid).commands() == 2);
    }
    assertThat(lines("Latency mode bounded of"))
        .as("told at stop")
        .singleElement()
        .asString()
        .contains(" of 2 did, ");
    assertThat(lines("Latency mode")).as("not of namespaces without any").hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("io.mora.tests.system.conformance.Setup#all")
  void repliesOfAllModesArriveAndOfCommandsThatComeInParts(Setup setup) throws Exception {
    try (IntentRig rig = IntentRig.start(IntentRig.spec().withShards(setup.spec().shards()))) {
      RawSession session = rig.optedIn(IntentRig.TRUSTED, 0);
      RawHost queue = IntentRig.queue(session, IntentRig.TRUSTED, 1);
      for (LatencyMode mode : LatencyMode.values()) {
        rig.target().latencyMode(new Nqn(IntentRig.NQN), 0, mode);
        critical(queue, 8);
        Frame read = IntentRig.read(queue, 0, CRITICAL);
        byte[] bytes = queue.encode(read);
        queue.sendBytes(Arrays.copyOf(bytes, 40));
        Thread.sleep(2); // Most likely read by itself; what must hold holds either way.
        queue.sendBytes(Arrays.copyOfRange(bytes, 40, bytes.length));
        assertThat(queue.outcome(read.cid()).code()).isZero();
      }
    }
  }

  @Test
  void whatEachClassDidIsToldAtStopThoughItsHostIsGone() {
    try (IntentRig rig = IntentRig.start(IntentRig.spec())) {
      RawSession session = rig.optedIn(IntentRig.TRUSTED, 0);
      RawHost queue = IntentRig.queue(session, IntentRig.TRUSTED, 1);
      critical(queue, 5);
      Waiting.until("five counted", () -> rig.target().stats().total().commands(7) == 5);
      session.close();
      Waiting.until("the controller gone", () -> rig.target().stats().controllers().isEmpty());
      assertThat(rig.target().stats().total().commands(7)).isEqualTo(5);
    }
    assertThat(lines("since the start: class 7 critical: 5 commands, p99 ")).hasSize(1);
    assertThat(lines("since the start: ")).hasSize(1);
  }
}
