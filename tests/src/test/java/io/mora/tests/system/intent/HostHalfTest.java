package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.signals.ClassSignals;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.LatencyClass;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The host's half of intent against the target: regions, deadlines, feedback, steps. */
@Tag("loopback")
class HostHalfTest {
  private static final int BLOCK = 4096;
  private static final long SIZE = 4 << 20;
  private static final int CRITICAL = LatencyClass.CRITICAL.code();

  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);

  static TargetSpec trusting(InitiatorFixture host, int port, Served served) {
    return served
        .listening(port)
        .withHosts(List.of(new HostSpec(host.initiator().hostNqn(), GrantSpec.everything())))
        .withLatencyIntent(new IntentSpec(true));
  }

  private static Served memory() {
    return Served.on(1).withMemory(SIZE, BLOCK);
  }

  private static Association connect(InitiatorFixture host, TargetFixture target) {
    ConnectOptions options =
        InitiatorFixture.persistent(target.address()).latencyIntent(true).queues(1).build();
    return host.connect(options);
  }

  private static ClassRecord log(Association association) {
    ByteBuffer page = ByteBuffer.allocate(ClassLogPage.LENGTH);
    RawCommand command = new RawCommand(AdminOpcode.GET_LOG_PAGE, 0).receive(page);
    GetLogPage.write(command.sqe(), 0, ClassLogPage.LID, ClassLogPage.LENGTH, 0);
    Waiting.get(association.admin(command));
    return ClassLogPage.decode(Unpooled.wrappedBuffer(page), 0).classes().get(CRITICAL);
  }

  @Test
  void theTargetsLogShowsTheHostsHalf() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target = TargetFixture.start(trusting(host, 0, memory()))) {
      Association association = connect(host, target);
      assertThat(association.intentGrant().maxClass()).isEqualTo(CRITICAL);
      Intent intent = Intent.critical().budget(Duration.ofSeconds(60)).timed();
      RemoteNamespace namespace = association.namespace(1).with(intent);
      for (int i = 0; i < 100; i++) {
        Completion read = Waiting.get(namespace.read(0, 1, block));
        assertThat(read.target().effectiveClass()).isEqualTo(CRITICAL);
        read.consumed();
      }
      ClassSignals mine = association.signals().classes().get(CRITICAL);
      assertThat(mine.timed()).isEqualTo(100);
      assertThat(mine.deadlineHits()).isEqualTo(100);
      assertThat(mine.consumedGap().samples()).isEqualTo(100);
      assertThat(mine.usefulCompletion().p99Ns()).isPositive();
      Waiting.until(
          "the report's arrival",
          () -> log(association).value(ClassRecord.Field.USEFUL_P99_NS) > 0);
      assertThat(association.signals().feedbackSent()).isPositive();
    }
  }

  @Test
  void aBudgetThatCannotBeMetIsMissedWithACause() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target = TargetFixture.start(trusting(host, 0, memory()))) {
      Association association = connect(host, target);
      RemoteNamespace namespace = association.namespace(1).with(Intent.critical().budgetUs(1));
      for (int i = 0; i < 20; i++) {
        Waiting.get(namespace.read(0, 1, block));
      }
      assertThat(association.signals().classes().get(CRITICAL).deadlineMisses()).isEqualTo(20);
      Waiting.until(
          "a cause for every miss",
          () ->
              association.signals().classes().get(CRITICAL).lateCauses().values().stream()
                      .mapToLong(Long::longValue)
                      .sum()
                  == 20);
    }
  }

  @Test
  void regionsAreKnownAgainAfterTheTargetsRestart() {
    try (InitiatorFixture host = InitiatorFixture.start()) {
      Association association;
      RegisteredRegion region;
      int port;
      try (TargetFixture first = TargetFixture.start(trusting(host, 0, memory()))) {
        port = first.port();
        association = connect(host, first);
        RegionUse use = RegionUse.of(Intent.lowLatency().flow(5));
        region = Waiting.get(association.namespace(1).register(0, 16, use));
        assertThat(region.state()).isEqualTo(RegisteredRegion.State.VALID);
      }
      Waiting.until("staleness", () -> region.state() == RegisteredRegion.State.STALE);
      try (TargetFixture second = TargetFixture.start(trusting(host, port, memory()))) {
        assertThat(second.port()).isEqualTo(port);
        Waiting.until("the renewal", () -> region.state() == RegisteredRegion.State.VALID);
        IoOptions inside = IoOptions.of(Intent.critical()).region(region);
        Waiting.get(association.namespace(1).read(3, 1, block, inside));
        Waiting.until(
            "the hit", () -> log(association).value(ClassRecord.Field.REGISTRATION_HITS) == 1);
        assertThat(association.signals().regions().churn()).isEqualTo(3);
      }
    }
  }

  @Test
  void aStepsEndFreesEveryBufferOnce() {
    BackendSpec.Device flash = BackendSpec.Device.FLASH;
    BackendSpec.Device slow =
        new BackendSpec.Device(1, 200, flash.read(), flash.write(), 0, flash.slowTime());
    BackendSpec storage = new BackendSpec.Delayed(new BackendSpec.Memory(SIZE), slow);
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target =
            TargetFixture.start(trusting(host, 0, Served.on(1).with(storage, BLOCK)))) {
      Association association = connect(host, target);
      RemoteNamespace namespace = association.namespace(1);
      List<Prefetch> ahead = new ArrayList<>();
      Step ended;
      try (Step step = namespace.step(17, Duration.ofSeconds(30))) {
        ended = step;
        for (int i = 0; i < 40; i++) {
          ahead.add(step.prefetch(i, 1, ByteBuffer.allocateDirect(BLOCK), 50));
        }
        Waiting.get(ahead.get(0).consume());
      }
      Waiting.get(ended.settled());
      assertThat(ended.cancelled()).isPositive();
      for (Prefetch each : ahead) {
        IoOutcome outcome =
            Waiting.get(
                each.stage()
                    .handle(
                        (done, failure) ->
                            failure == null ? IoOutcome.DONE : IoOutcome.of(failure)));
        assertThat(outcome).isIn(IoOutcome.DONE, IoOutcome.CANCELLED);
      }
      assertThat(association.outstanding()).isZero();
      target.awaitNothingLent();
    }
  }
}
