package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.initiator.path.PathSignals;
import io.mora.initiator.path.select.PathPolicy;
import io.mora.protocol.CommandException;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads that targets refuse as too late: told as what they are, and asked of another path once. */
@Tag("fault")
class RefusedElsewhereTest {
  private static final int BLOCK = 4096;
  private static final int AHEAD = 60;
  private static final Intent PATIENT = Intent.critical().budget(Duration.ofSeconds(60));
  private static final Intent HURRIED = Intent.critical().budgetUs(100).refusable();

  private final List<ByteBuffer> buffers = new ArrayList<>();

  /** At the slow target's device. */
  @SuppressWarnings("NullAway.Init") // by target
  private GatedBackend gate;

  private static BackendSpec storage(boolean slow) {
    BackendSpec memory = new BackendSpec.Memory(1 << 20);
    Duration each = Duration.ofMillis(4);
    BackendSpec.Direction time = new BackendSpec.Direction(each, Duration.ZERO, Duration.ZERO, 0);
    return slow
        ? new BackendSpec.Delayed(
            memory, new BackendSpec.Device(1, 1, time, time, 0, Duration.ZERO))
        : memory;
  }

  private TargetFixture target(InitiatorFixture host, boolean slow) {
    TargetSpec spec =
        Served.on(1)
            .with(storage(slow), BLOCK)
            .listening(0)
            .withHosts(List.of(new HostSpec(host.initiator().hostNqn(), GrantSpec.everything())))
            .withLatencyIntent(new IntentSpec(true));
    Gates gates = new Gates();
    TargetFixture target = TargetFixture.start(spec, gates);
    gate = slow ? gates.get(0) : gate;
    return target;
  }

  private static PathSet paths(InitiatorFixture host, TargetFixture... targets) {
    List<ConnectOptions> options =
        Stream.of(targets)
            .map(target -> TwoAppliances.options(target.address()).latencyIntent(true).build())
            .toList();
    PathOptions turns = PathOptions.DEFAULT.policy(PathPolicy.ROUND_ROBIN);
    return Waiting.get(host.initiator().connectPaths(turns, options));
  }

  private CompletionStage<Completion> read(RemoteNamespace from, Intent intent) {
    ByteBuffer into = ByteBuffer.allocateDirect(BLOCK);
    buffers.add(into);
    return from.read(0, 1, into, IoOptions.of(intent));
  }

  /**
   * Reads that fill a slow target's line, after it has seen one that may be refused.
   *
   * @param done so many of them it does, and keeps the others until {@link GatedBackend#release}
   */
  private List<CompletionStage<Completion>> crowd(RemoteNamespace namespace, int done) {
    for (int i = 0; i < 4; i++) {
      Waiting.get(read(namespace, PATIENT.refusable())); // It forecasts from here on.
    }
    gate.holdAfter(done, IoRequest.READ);
    List<CompletionStage<Completion>> ahead = new ArrayList<>();
    for (int i = 0; i < AHEAD; i++) {
      ahead.add(read(namespace, PATIENT));
    }
    return ahead;
  }

  @Test
  void whatOnePathRefusesAnotherReads() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture slow = target(host, true);
        TargetFixture quick = target(host, false);
        PathSet paths = paths(host, slow, quick)) {
      RemoteNamespace namespace = Waiting.get(paths.namespace(1));
      Waiting.until("both serve", () -> serving(paths) == 2);
      List<CompletionStage<Completion>> ahead = crowd(namespace, AHEAD / 3);
      for (int i = 0; i < AHEAD / 2; i++) {
        Waiting.get(ahead.get(i)); // Half of them were the quick one's.
      }
      for (int i = 0; i < 4; i++) {
        Waiting.get(read(namespace, HURRIED));
      }
      gate.release();
      assertThat(Waiting.get(paths.signals()).refusedElsewhere()).isPositive();
      ahead.forEach(Waiting::get);
    }
  }

  private static int serving(PathSet paths) {
    return Waiting.get(paths.signals()).paths().stream()
        .mapToInt(PathSignals.PathInfo::serving)
        .sum();
  }

  @Test
  void withoutAnotherItIsToldWhenToComeAgain() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture slow = target(host, true);
        PathSet paths = paths(host, slow)) {
      RemoteNamespace namespace = Waiting.get(paths.namespace(1));
      List<CompletionStage<Completion>> ahead = crowd(namespace, AHEAD / 2);
      for (int i = 0; i < AHEAD / 2; i++) {
        Waiting.get(ahead.get(i));
      }
      Throwable failure = Waiting.failure(read(namespace, HURRIED));
      gate.release();
      assertThat(IoOutcome.of(failure)).isEqualTo(IoOutcome.REFUSED);
      assertThat(failure)
          .isInstanceOfSatisfying(
              CommandException.class,
              refused -> {
                assertThat(Status.code(refused.status())).isEqualTo(Status.INTENT_CANNOT_MEET);
                assertThat(refused.retryable()).isTrue();
                assertThat(refused.retryAfterNs()).isBetween(50_000L, 1_000_000_000L);
              });
      ahead.forEach(Waiting::get);
      assertThat(Waiting.get(paths.signals()).refusedElsewhere()).isZero();
    }
  }
}
