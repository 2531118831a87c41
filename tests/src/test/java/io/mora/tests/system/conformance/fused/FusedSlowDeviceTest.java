package io.mora.tests.system.conformance.fused;

import static io.mora.tests.system.conformance.fused.Pairs.first;
import static io.mora.tests.system.conformance.fused.Pairs.second;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.backend.Backends;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.delay.OperationTime;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same on a device that takes its time, so that there is a while between a compare and its
 * write in which something could come.
 */
@Covers("fused")
class FusedSlowDeviceTest {
  private static final int NSID = Setup.NSID_512;
  private static final int ROUNDS = 300;
  private static final int HOSTS = 3;
  private static final int INCREMENTS = 100;

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // by serve
  private TargetFixture fixture;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private void serve(Setup setup) {
    OperationTime time = OperationTime.fixed(20_000).withSpread(100_000);
    DeviceProfile profile = new DeviceProfile(16, time, time, time, evidence.seed());
    fixture =
        evidence.closing(
            TargetFixture.start(
                setup.spec(),
                (options, transport) ->
                    new DelayBackend(Backends.open(options, transport), profile)));
  }

  private RawHost open(int qid) {
    return evidence
        .closing(RawSession.open(fixture.target().listeners().get(0).address(), Conformance.NQN))
        .queue(qid);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("setups")
  void noIncrementIsLost(Setup setup) throws Exception {
    serve(setup);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> adders = new ArrayList<>();
      for (int i = 0; i < HOSTS; i++) {
        RawHost host = open(1 + i);
        adders.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < INCREMENTS; n++) {
                    FusedRaceTest.increment(host, 3);
                  }
                }));
      }
      for (Future<?> adder : adders) {
        adder.get();
      }
      assertThat(FusedRaceTest.count(open(1), 3)).isEqualTo(HOSTS * INCREMENTS);
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * A pair and an ordinary write of its block at once, again and again: whether the pair came first
   * and was overwritten, or second and found something else, the write's data is what is left. Only
   * a write that came between compare and write would be lost.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("setups")
  void noWriteComesBetween(Setup setup) throws Exception {
    serve(setup);
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      RawHost fused = open(1);
      RawHost plain = open(2);
      CyclicBarrier start = new CyclicBarrier(2);
      CyclicBarrier end = new CyclicBarrier(2);
      Conformance.assertOk(
          plain.run(Conformance.writeInCapsule(1, NSID, 63, 1, FusedRaceTest.counter(-1))));
      Future<?> writer =
          threads.submit(
              () -> {
                for (int round = 0; round < ROUNDS; round++) {
                  start.await();
                  Conformance.assertOk(plain.run(change(round)));
                  end.await();
                }
                return null;
              });
      int won = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Conformance.assertOk(
            fused.run(
                Conformance.writeInCapsule(1, NSID, 32, 1, FusedRaceTest.counter(1000 + round))));
        start.await();
        fused.sendTogether(
            first(10, NSID, 32, FusedRaceTest.counter(1000 + round)),
            second(11, NSID, 32, FusedRaceTest.counter(-2)));
        won += fused.outcome(10).code() == 0 ? 1 : 0;
        fused.outcome(11);
        end.await();
        assertThat(FusedRaceTest.count(fused, 32)).as("round %d", round).isEqualTo(left(round));
      }
      writer.get();
      assertThat(won).as("pairs that came first").isBetween(1, ROUNDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static Frame change(int round) {
    return switch (round % 4) {
      case 0 -> Conformance.writeInCapsule(1, NSID, 32, 1, FusedRaceTest.counter(round));
      case 1 -> Capsules.blocks(Capsules.command(Pairs.WRITE_ZEROES, 1, NSID), 30, 4);
      case 2 -> {
        ByteBuffer range = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        range.putInt(4, 1).putLong(8, 32);
        yield Capsules.inCapsule(Pairs.DSM, 1, NSID, range.array()).put(Capsules.CDW11, 4, 4);
      }
      default -> {
        ByteBuffer range = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        range.putLong(8, 63);
        yield Capsules.inCapsule(Pairs.COPY, 1, NSID, range.array()).put(Capsules.CDW10, 8, 32);
      }
    };
  }

  private static long left(int round) {
    return switch (round % 4) {
      case 0 -> round;
      case 1, 2 -> 0;
      default -> -1;
    };
  }
}
