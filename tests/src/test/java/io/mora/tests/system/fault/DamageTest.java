package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.Association;
import io.mora.protocol.pdu.PduType;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.FaultProxy.Fault;
import io.mora.tests.kit.FaultProxy.Way;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.load.RandomMix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One bit turns over on the wire. */
@Tag("fault")
class DamageTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 1024;
  private static final int ROUNDS = 3;
  private static final Served SERVED = Served.on(2).withMemory(16 << 20, BLOCK);

  @RegisterExtension final Evidence evidence = new Evidence();

  /** In data the command is repeated, in a header the connection is made again. */
  @ParameterizedTest(name = "{0} {1} byte {2}")
  @CsvSource({
    "TO_HOST, 7, 200", // C2HData, data
    "TO_TARGET, 6, 200", // H2CData, data
    "TO_TARGET, 4, 30", // capsule, submission queue entry
    "TO_HOST, 5, 12", // response, completion queue entry
    "TO_HOST, 9, 12", // R2T
    "TO_HOST, 7, 10", // C2HData, header
    "TO_TARGET, 6, 10" // H2CData, header
  })
  void digestsFindItAndAllIsWellInTheEnd(Way way, int pduType, int at) throws Exception {
    FaultyWire wire = new FaultyWire(evidence, SERVED);
    Association association =
        wire.host()
            .connect(
                wire.options()
                    .headerDigest(true)
                    .dataDigest(true)
                    .keepAliveTimeoutMs(60_000)
                    .reconnectDelayMs(20)
                    .build());
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    for (int round = 1; round <= ROUNDS; round++) {
      int until = round;
      wire.proxy().arm(new Fault(way, pduType, 10, at, Act.GARBLE));
      mix.run(16, () -> wire.proxy().faults() >= until);
    }
    mix.run(16, 100).verify();
    assertThat(mix.failures()).isZero();
    assertThat(wire.proxy().faults()).isEqualTo(ROUNDS);
    wire.assertNothingLeft();
  }

  /** Shows that the tests which compare data would see it. */
  @Test
  void withoutDigestsTheModelSeesIt() {
    FaultyWire wire = new FaultyWire(evidence, SERVED);
    Association association = wire.connect();
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    wire.proxy().arm(new Fault(Way.TO_HOST, PduType.C2H_DATA, 10, 200, Act.GARBLE));
    assertThatThrownBy(() -> mix.run(16, 2000).verify())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("stamp -1");
  }
}
