package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where bytes are parted says nothing: a connection is split, or ends, at every byte there is. */
@Covers("bound.fuzz")
class SplitTest {
  private static final String NQN = Setup.NQN.value();
  private static final int BLOCK = 512;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  /** From ICReq to a controller that is ready, sent without a wait for what is answered. */
  private static byte[] opening() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Capsules.icReq(0, 0).encode(false, false));
    for (Frame frame :
        new Frame[] {
          Capsules.connect(0, 0xFFFF, NQN),
          Capsules.propertySet(1, RawSession.CC, RawSession.ENABLE),
          Capsules.propertyGet(2, RawSession.CSTS, 4)
        }) {
      bytes.writeBytes(frame.encode(false, false));
    }
    return bytes.toByteArray();
  }

  private static void send(RawHost host, byte[] bytes, int from, int to) {
    host.sendBytes(Arrays.copyOfRange(bytes, from, to));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void anOpeningMayBeSplitAnywhere(Setup setup) throws IOException {
    try (FuzzRun run = new FuzzRun(setup, 1)) {
      byte[] bytes = opening();
      for (int at = 1; at < bytes.length; at++) {
        run.awaitRoom();
        try (RawHost host = RawHost.connect(run.address())) {
          send(host, bytes, 0, at);
          send(host, bytes, at, bytes.length);
          assertThat(host.receive().type()).as("split at %s", at).isEqualTo(Received.ICRESP);
          for (int cid = 0; cid < 3; cid++) {
            assertThat(host.receive(cid).code()).as("split at %s, CID %s", at, cid).isZero();
          }
        }
      }
      run.assertUnharmed();
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void anOpeningMayEndAnywhere(Setup setup) throws IOException {
    try (FuzzRun run = new FuzzRun(setup, 2)) {
      byte[] bytes = opening();
      for (int at = 0; at < bytes.length; at++) {
        run.awaitRoom();
        RawHost host = RawHost.connect(run.address());
        send(host, bytes, 0, at);
        if (at % 2 == 0) {
          host.close();
        } else {
          host.reset();
        }
      }
      run.assertUnharmed();
    }
  }

  /** Write in the capsule, write by R2T, read: with both digests, split at each byte in turn. */
  @ParameterizedTest
  @MethodSource("setups")
  void ioMayBeSplitAnywhere(Setup setup) throws IOException {
    try (FuzzRun run = new FuzzRun(setup, 3)) {
      splitIo(run);
      run.assertUnharmed();
    }
  }

  private static void splitIo(FuzzRun run) {
    try (RawSession session = RawSession.open(run.address(), NQN)) {
      RawHost host = session.queue(Capsules.connect(1, session.cntlid(), NQN), 3, 0);
      byte[] data = new byte[BLOCK];
      for (int at = 1; at < BLOCK + 80; at++) {
        Arrays.fill(data, (byte) at);
        Frame inCapsule = Capsules.inCapsule(0x01, 1, Setup.NSID_512, data);
        split(host, host.encode(Capsules.blocks(inCapsule, 5, 1)), at);
        assertThat(host.outcome(1).code()).as("split at %s", at).isZero();
        Frame write = Capsules.transfer(0x01, 2, Setup.NSID_512, BLOCK);
        split(host, host.encode(Capsules.blocks(write, 6, 1)), at);
        Received r2t = host.receive(2);
        Frame pdu = Capsules.h2cData(2, r2t.u16(10), 0, data).flags(Capsules.LAST_PDU);
        split(host, host.encode(pdu), at);
        assertThat(host.outcome(2).code()).as("split at %s", at).isZero();
        Frame read = Capsules.blocks(Capsules.transfer(0x02, 3, Setup.NSID_512, 2 * BLOCK), 5, 2);
        split(host, host.encode(read), at);
        assertThat(host.outcome(3).data()).containsOnly(at);
      }
    }
  }

  private static void split(RawHost host, byte[] bytes, int at) {
    int where = 1 + at % (bytes.length - 1);
    send(host, bytes, 0, where);
    send(host, bytes, where, bytes.length);
  }
}
