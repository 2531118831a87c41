package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.hedge.HedgeSignals;
import io.mora.initiator.path.select.PathPolicy;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads that are sent twice: whoever wins, the data is right and its buffer is left alone. */
@Tag("fault")
class HedgeTest {
  private static final HedgeOptions EAGER = new HedgeOptions(0.5, 64, 100, 128 << 10);

  @RegisterExtension final Evidence evidence = new Evidence();

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void everySecondReadTwice(TransportKind kind) {
    Assumptions.assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    PathOptions options = PathOptions.DEFAULT.policy(PathPolicy.ROUND_ROBIN).hedge(EAGER);
    TwoAppliances rig = new TwoAppliances(evidence, kind, options);
    Intent intent = Intent.interactive().budgetUs(200);
    RandomMix mix =
        new RandomMix(rig.namespace.with(intent), 0, TwoAppliances.BLOCKS, evidence.seed())
            .upTo(16)
            .witness(() -> rig.signals().toString());
    mix.run(32, 20_000).verify();
    HedgeSignals hedges = rig.signals().hedges();
    System.out.println(hedges);
    assertThat(mix.failures()).isZero();
    assertThat(hedges.sent()).isPositive();
    assertThat(hedges.ratio()).isLessThanOrEqualTo(EAGER.ratio());
  }

  /** The first path says nothing any more, and the host does not know yet. */
  @Test
  void aReadIsAnsweredByTheOtherPathWhileTheFirstIsSilent() {
    PathOptions options = PathOptions.DEFAULT.policy(PathPolicy.ROUND_ROBIN).hedge(EAGER);
    TwoAppliances rig = new TwoAppliances(evidence, TransportKind.best(), options);
    ByteBuffer data = ByteBuffer.allocateDirect(TwoAppliances.BLOCK);
    data.putLong(0, 42);
    Waiting.get(rig.namespace.write(5, 1, data));
    Intent intent = Intent.critical().budgetUs(500);
    for (int i = 0; i < 32; i++) { // Earns the right to some hedges.
      Waiting.get(rig.namespace.read(5, 1, data, intent));
    }
    long before = rig.signals().hedges().won();
    rig.first.hole(true);
    List<CompletionStage<Completion>> reads = new ArrayList<>();
    List<ByteBuffer> into = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      into.add(ByteBuffer.allocateDirect(TwoAppliances.BLOCK));
      reads.add(rig.namespace.read(5, 1, into.get(i), intent));
    }
    reads.forEach(Waiting::get);
    assertThat(into).allSatisfy(each -> assertThat(each.getLong(0)).isEqualTo(42));
    assertThat(rig.signals().hedges().won()).isGreaterThan(before);
    rig.first.hole(false);
  }
}
