package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.intent.Timing;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wire reference 6.4, 6.7: a host that opts in learns where its commands spent their time. */
@Tag("loopback")
class TimingReplyTest {
  private static final long SIZE = 8L << 20;

  @TempDir Path folder;

  private enum Grant {
    OFF,
    COARSE,
    FINE
  }

  /** A read, after a write of the same block, of a host with the given grant. */
  private Completion read(Grant grant, boolean asks) {
    try (InitiatorFixture host = InitiatorFixture.start()) {
      TimingGrant timing = grant == Grant.FINE ? TimingGrant.FINE : TimingGrant.COARSE;
      TargetSpec spec =
          Served.on(1)
              .withFile(folder.resolve(grant + "-" + asks), SIZE, 4096)
              .listening(0)
              .withHosts(
                  List.of(
                      new HostSpec(
                          host.initiator().hostNqn(), GrantSpec.DEFAULT.withTiming(timing))))
              .withLatencyIntent(new IntentSpec(grant != Grant.OFF));
      try (TargetFixture target = TargetFixture.start(spec)) {
        Association association =
            host.connect(InitiatorFixture.persistent(target.address()).targetTiming(asks).build());
        RemoteNamespace namespace = association.namespace(1);
        ByteBuffer block = ByteBuffer.allocateDirect(4096);
        Waiting.get(namespace.write(0, 1, block));
        block.clear();
        return Waiting.get(namespace.read(0, 1, block));
      }
    }
  }

  @Test
  void fineTimesAddUp() {
    Completion read = read(Grant.FINE, true);
    assertThat(Timing.isPresent(read.result())).isTrue();
    long queue = Timing.queueNs(read.result());
    long device = Timing.deviceNs(read.result());
    long total = Timing.totalNs(read.result());
    assertThat(device).isPositive();
    // Each is rounded up to the unit and its minifloat.
    assertThat(queue + device).isLessThanOrEqualTo(total + 2 * Timing.UNIT_NS + total / 1024);
    assertThat(total).isLessThanOrEqualTo(read.timing().totalNs());
    assertThat(Timing.effectiveClass(read.result())).isEqualTo(4);
  }

  @Test
  void withoutTheGrantTimesAreCoarse() {
    Completion read = read(Grant.COARSE, true);
    assertThat(Timing.isPresent(read.result())).isTrue();
    assertThat(Timing.deviceNs(read.result()) % Timing.COARSE_NS).isZero();
    assertThat(Timing.totalNs(read.result()) % Timing.COARSE_NS).isZero();
    assertThat(Timing.totalNs(read.result())).isPositive();
  }

  @Test
  void aHostThatDoesNotAskGetsAnOrdinaryReply() {
    assertThat(read(Grant.FINE, false).result()).isZero();
  }

  @Test
  void aTargetThatDoesNotOfferItIsUsedAsItIs() {
    assertThat(read(Grant.OFF, true).result()).isZero();
  }
}
