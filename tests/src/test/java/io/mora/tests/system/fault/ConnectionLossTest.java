package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.pdu.PduType;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.FaultProxy.Fault;
import io.mora.tests.kit.FaultProxy.Way;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection ends at every phase of a command under a random load: the host makes it again, and
 * every command completes once with the right data.
 */
@Tag("fault")
class ConnectionLossTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 1024;
  private static final int DEPTH = 32;

  @RegisterExtension final Evidence evidence = new Evidence();

  /** Where it ends. */
  record Phase(String name, Way way, int pduType, int bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Phase> phases() {
    return List.of(
        new Phase("before a capsule", Way.TO_TARGET, PduType.CAPSULE_CMD, 0),
        new Phase("in a common header", Way.TO_TARGET, PduType.CAPSULE_CMD, 5),
        new Phase("in a submission queue entry", Way.TO_TARGET, PduType.CAPSULE_CMD, 40),
        new Phase("in in-capsule data or after", Way.TO_TARGET, PduType.CAPSULE_CMD, 2000),
        new Phase("before R2T", Way.TO_HOST, PduType.R2T, 0),
        new Phase("in R2T", Way.TO_HOST, PduType.R2T, 12),
        new Phase("before H2CData", Way.TO_TARGET, PduType.H2C_DATA, 0),
        new Phase("in H2CData", Way.TO_TARGET, PduType.H2C_DATA, 10_000),
        new Phase("before C2HData", Way.TO_HOST, PduType.C2H_DATA, 0),
        new Phase("in C2HData", Way.TO_HOST, PduType.C2H_DATA, 3000),
        new Phase("before a response", Way.TO_HOST, PduType.CAPSULE_RESP, 0),
        new Phase("in a response", Way.TO_HOST, PduType.CAPSULE_RESP, 20));
  }

  @ParameterizedTest(name = "cut {0}")
  @MethodSource("phases")
  void cut(Phase phase) throws Exception {
    loseAndRecover(phase, Act.CUT, false);
  }

  @ParameterizedTest(name = "reset {0}")
  @MethodSource("phases")
  void resetWithDigests(Phase phase) throws Exception {
    loseAndRecover(phase, Act.RESET, true);
  }

  private void loseAndRecover(Phase phase, Act act, boolean digests) throws Exception {
    FaultyWire wire = new FaultyWire(evidence, Served.on(2).withMemory(16 << 20, BLOCK));
    ConnectOptions options =
        wire.options()
            .headerDigest(digests)
            .dataDigest(digests)
            .keepAliveTimeoutMs(60_000)
            .reconnectDelayMs(20)
            .build();
    Association association = wire.host().connect(options);
    long seed = evidence.seed();
    SplittableRandom random = new SplittableRandom(seed);
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, seed);
    for (int round = 1; round <= 3; round++) {
      int until = round;
      wire.proxy()
          .arm(new Fault(phase.way(), phase.pduType(), random.nextInt(40), phase.bytes(), act));
      mix.run(DEPTH, () -> wire.proxy().faults() >= until);
      mix.run(DEPTH, 50);
    }
    mix.verify();
    assertThat(mix.failures()).isZero();
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    wire.assertNothingLeft();
  }

  @Test
  void aConnectThatIsCutBeforeIcRespFailsAndLeavesNothing() throws Exception {
    FaultyWire wire = new FaultyWire(evidence, Served.on(1).withMemory(16 << 20, BLOCK));
    wire.proxy().arm(new Fault(Way.TO_HOST, PduType.IC_RESP, 0, 0, Act.CUT));
    Throwable failure = Waiting.failure(wire.host().initiator().connect(wire.options().build()));
    assertThat(failure).isInstanceOf(ConnectionException.class);
    assertThat(wire.connect().state()).isEqualTo(AssociationState.LIVE);
    wire.assertNothingLeft();
  }

  @Test
  void everyStepOfReconnectingMayFailOnce() throws Exception {
    FaultyWire wire = new FaultyWire(evidence, Served.on(2).withMemory(16 << 20, BLOCK));
    Association association =
        wire.host().connect(wire.options().reconnectDelayMs(20).connectTimeoutMs(500).build());
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    mix.run(DEPTH, 100);
    int step = 0;
    for (int type : new int[] {PduType.IC_REQ, PduType.CAPSULE_CMD}) {
      for (int skip = 0; skip < (type == PduType.IC_REQ ? 3 : 8); skip++) {
        wire.proxy()
            .arm(new Fault(Way.TO_TARGET, type, skip, 60, skip % 2 == 0 ? Act.CUT : Act.RESET));
        wire.proxy().cutAll(Act.CUT);
        int until = ++step;
        mix.run(DEPTH, () -> wire.proxy().faults() >= until);
      }
    }
    mix.run(DEPTH, 100).verify();
    assertThat(mix.failures()).isZero();
    wire.assertNothingLeft();
  }
}
