package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Capture;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody else's dissector finds nothing wrong in what goes over the wire, both ways. */
@Tag("tshark")
class CaptureTest {
  private static final String NQN = Setup.NQN.value();
  private static final int BLOCK = 4096;

  @RegisterExtension final Evidence evidence = new Evidence();

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @ParameterizedTest
  @MethodSource("setups")
  @Covers({"tcp.init", "tcp.digest", "tcp.capsule", "tcp.r2t", "tcp.c2h"})
  void theDissectorFindsNothingWrong(Setup setup) throws IOException {
    Captures.require();
    Path file = evidence.keep().resolve("conformance.pcap");
    try (MoraTarget target = MoraTarget.start(setup.spec())) {
      InetSocketAddress at = target.listeners().get(0).address();
      try (Capture capture = new Capture(at, file)) {
        for (int dgst = 0; dgst < 4; dgst++) {
          commands(capture.address(), dgst);
        }
      }
      Captures.judge(file, at.getPort());
    }
  }

  /** Writes of every way to bring data, and reads of them. */
  private void load(RawHost queue) {
    Random random = new Random(evidence.seed());
    for (int i = 0; i < 100; i++) {
      byte[] data = new byte[BLOCK * (1 + random.nextInt(i % 10 == 0 ? 64 : 4))];
      random.nextBytes(data);
      int blocks = data.length / BLOCK;
      int cid = queue.cid();
      boolean inCapsule = data.length <= Setup.IN_CAPSULE && random.nextBoolean();
      Outcome written =
          inCapsule
              ? queue.run(Capsules.blocks(Capsules.inCapsule(0x01, cid, 1, data), i, blocks))
              : queue.write(
                  Capsules.blocks(Capsules.transfer(0x01, cid, 1, data.length), i, blocks), data);
      assertThat(written.code()).as("%s", written).isZero();
      Frame read = Capsules.transfer(0x02, queue.cid(), 1, data.length);
      assertThat(queue.run(Capsules.blocks(read, i, blocks)).data()).isEqualTo(data);
    }
  }

  /** A controller's life. */
  private void commands(InetSocketAddress address, int dgst) {
    Frame connect = Capsules.connect(0, 0xFFFF, NQN);
    try (RawSession session = RawSession.connect(address, NQN, connect, dgst)) {
      session.enable();
      RawHost admin = session.admin();
      for (int cns : new int[] {0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x08, 0x13, 0x1C, 0x20}) {
        admin.run(Capsules.identify(admin.cid(), cns, 1));
      }
      int[][] logs = {{0x00, 1024}, {0x02, 512}, {0x03, 512}, {0x05, 4096}, {0x80, 64}};
      for (int[] log : logs) { // whole: the dissector calls a part malformed
        admin.run(Capsules.getLog(admin.cid(), log[0], 0, log[1]));
      }
      admin.run(Capsules.command(0x08, admin.cid(), 0));
      RawHost queue = session.queue(Capsules.connect(1, session.cntlid(), NQN), dgst, 0);
      load(queue);
      queue.run(Capsules.blocks(Capsules.command(0x0C, queue.cid(), 1), 0, 8));
      queue.run(Capsules.reservation(0x0D, queue.cid(), 1, 0, 0, 5));
      queue.run(Capsules.reservation(0x0D, queue.cid(), 1, 1, 5, 0));
      Frame report = Capsules.transfer(0x0E, queue.cid(), 1, BLOCK);
      queue.run(report.put(Capsules.CDW10, 4, BLOCK / 4 - 1).put(Capsules.CDW11, 4, 1));
    }
  }
}
