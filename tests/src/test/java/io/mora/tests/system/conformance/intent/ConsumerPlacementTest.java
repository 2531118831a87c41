package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.system.conformance.intent.IntentConformance.assertOk;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** D0h: queues of one host for one consumer CPU are served by one shard, of any controller. */
@Covers("intent.place")
class ConsumerPlacementTest {
  private static final int CONSUMER = 0xD0;

  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<Setup> setups() {
    return Setup.all().filter(setup -> setup.shards() == 2);
  }

  private int[] connect(TargetFixture target, String host, int cpu) {
    int before = target.target().ioQueues()[0] + target.target().ioQueues()[1];
    IntentSession session =
        evidence.closing(
            IntentSession.open(target.target().listeners().get(0).address(), host).optIn(0));
    RawHost admin = session.admin();
    assertOk(
        admin.run(
            Capsules.command(0x09, admin.cid(), 0)
                .put(CDW10, 4, CONSUMER)
                .put(CDW11, 4, 1 << 16 | cpu)));
    evidence.closing(session.queue(1));
    int[] after = target.target().ioQueues();
    assertThat(after[0] + after[1]).isEqualTo(before + 1);
    return after;
  }

  @ParameterizedTest
  @MethodSource("setups")
  void oneShardForOneCpu(Setup setup) {
    TargetFixture target = evidence.closing(TargetFixture.start(IntentSetup.spec(setup)));
    assertThat(connect(target, IntentSetup.TRUSTED, 5)).containsExactly(1, 0);
    assertThat(connect(target, IntentSetup.TRUSTED, 5)).as("the same CPU").containsExactly(2, 0);
    assertThat(connect(target, IntentSetup.TRUSTED, 5)).as("not too many").containsExactly(2, 1);
    assertThat(connect(target, IntentSetup.COARSE, 5)).as("another host's").containsExactly(2, 2);
    assertThat(connect(target, IntentSetup.TRUSTED, 5))
        .as("where it was last")
        .containsExactly(2, 3);
    Waiting.until("nothing lent", () -> target.target().lentBytes() == 0);
  }
}
