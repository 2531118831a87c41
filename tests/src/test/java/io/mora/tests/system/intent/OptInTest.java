package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wire reference 6.4 from the host's end: agreed on each connect, or not used at all. */
@Tag("loopback")
class OptInTest {
  private static final int BLOCK = 4096;
  private static final Intent TIMED = Intent.normal().timed().flow(3);

  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);

  private static TargetSpec spec(InitiatorFixture host, int port, boolean offered) {
    return Served.on(1)
        .withMemory(1 << 20, BLOCK)
        .listening(port)
        .withHosts(List.of(new HostSpec(host.initiator().hostNqn(), GrantSpec.DEFAULT)))
        .withLatencyIntent(new IntentSpec(offered));
  }

  @Test
  void whatWasAgreedSurvivesAReconnect() {
    try (InitiatorFixture host = InitiatorFixture.start()) {
      Association association;
      RemoteNamespace namespace;
      int port;
      try (TargetFixture first = TargetFixture.start(spec(host, 0, true))) {
        port = first.port();
        association =
            host.connect(InitiatorFixture.persistent(first.address()).latencyIntent(true).build());
        assertThat(association.intentGrant().active()).isTrue();
        assertThat(association.intentGrant().maxClass()).isEqualTo(4);
        namespace = association.namespace(1).with(TIMED);
        Completion read = Waiting.get(namespace.read(0, 1, block));
        assertThat(read.target().present()).isTrue();
        assertThat(read.target().effectiveClass()).isEqualTo(4);
      }
      try (TargetFixture second = TargetFixture.start(spec(host, port, true))) {
        assertThat(Waiting.get(namespace.read(0, 1, block)).target().present()).isTrue();
        assertThat(second.port()).isEqualTo(port);
      }
      try (TargetFixture without = TargetFixture.start(spec(host, port, false))) {
        assertThat(Waiting.get(namespace.read(0, 1, block)).target().present()).isFalse();
        assertThat(association.intentGrant().active()).isFalse();
        assertThat(without.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void aTargetThatDoesNotOfferItIsUsedPlainly() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target = TargetFixture.start(spec(host, 0, false))) {
      Association association =
          host.connect(InitiatorFixture.persistent(target.address()).latencyIntent(true).build());
      assertThat(association.intentGrant().offered()).isFalse();
      Completion read =
          Waiting.get(association.namespace(1).read(0, 1, block, Intent.critical().timed()));
      assertThat(read.result()).isZero();
    }
  }

  @Test
  void aHostThatDoesNotAskIsNotAffected() {
    try (InitiatorFixture host = InitiatorFixture.start();
        TargetFixture target = TargetFixture.start(spec(host, 0, true))) {
      Association association = host.connect(target.address());
      Completion read = Waiting.get(association.namespace(1).read(0, 1, block, TIMED));
      assertThat(read.result()).isZero();
      assertThat(association.intentGrant().active()).isFalse();
    }
  }
}
