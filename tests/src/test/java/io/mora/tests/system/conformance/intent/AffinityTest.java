package io.mora.tests.system.conformance.intent;

import static io.mora.tests.system.conformance.intent.IntentConformance.assertOk;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 6.12: consumers that share a queue, told apart by AFF, do not wait for each other's replies. The
 * order is asserted: what must not be waited for is held at its device.
 */
@Covers("intent.place")
class AffinityTest {
  private static final int HELD = IntentSetup.PLAIN;
  private static final int FREE = IntentSetup.BULK_NAMESPACE;

  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private static Frame read(RawHost host, int nsid, int latencyClass, int affinity) {
    Frame read = Capsules.blocks(Capsules.transfer(0x02, host.cid(), nsid, 4096), 0, 1);
    return intent(read, 0, wish(latencyClass) | affinity << 8);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void nobodyWaitsForAnothersReply(Setup setup) {
    Gates gates = new Gates();
    TargetFixture target = evidence.closing(TargetFixture.start(IntentSetup.spec(setup), gates));
    GatedBackend gate = gates.get(0);
    IntentSession session =
        evidence.closing(
            IntentSession.open(target.target().listeners().get(0).address(), IntentSetup.TRUSTED)
                .optIn(0));
    RawHost host = session.queue(1);
    for (int latencyClass = 1; latencyClass < 8; latencyClass++) {
      for (int affinity : new int[] {0, 1, 2}) {
        gate.hold(IoRequest.READ);
        Frame held = read(host, HELD, latencyClass, 1);
        Frame before = read(host, FREE, latencyClass, affinity);
        Frame behind = read(host, FREE, latencyClass, affinity);
        host.sendTogether(before, held, behind);
        assertOk(host.outcome(before.cid()));
        assertOk(host.outcome(behind.cid()));
        Waiting.until("one at its device", () -> gate.held() == 1);
        assertThat(host.unclaimed()).as("a reply that was held").isZero();
        gate.release();
        assertOk(host.outcome(held.cid()));
      }
    }
  }
}
