package io.mora.tests.system.conformance.format;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Format NVM: what it leaves behind, and what is refused. */
@Covers("format")
class FormatTest extends Conformance {
  private static final int BLOCK = 512;
  private static final int LAST = Setup.SIZE_BYTES / BLOCK - 1;

  static Frame format(int cid, int nsid, int cdw10) {
    return Capsules.command(0x80, cid, nsid).put(CDW10, 4, cdw10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyBlockReadsAsZeroesAndIsServedAgain(int ses) {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(BLOCK, 7);
      byte[] other = pattern(4096, 9);
      assertOk(host.run(writeInCapsule(1, 2, 0, 1, data)));
      assertOk(host.run(writeInCapsule(2, 2, LAST, 1, data)));
      assertOk(host.run(writeInCapsule(3, 1, 0, 1, other)));
      assertOk(session.admin().run(format(4, 2, ses << 9)));
      assertThat(host.run(read(5, 2, 0, 1, BLOCK)).data()).containsOnly(0);
      assertThat(host.run(read(6, 2, LAST, 1, BLOCK)).data()).containsOnly(0);
      assertThat(host.run(read(7, 1, 0, 1, 4096)).data()).as("of another").isEqualTo(other);
      assertOk(host.run(writeInCapsule(8, 2, 5, 1, data)));
      assertThat(host.run(read(9, 2, 5, 1, BLOCK)).data()).isEqualTo(data);
    }
  }

  /** A tebibyte, which is many pieces. */
  @Test
  void whatIsLargeIsDonePieceByPiece() {
    try (RawSession session = session()) {
      assertOk(session.admin().run(format(1, Setup.NSID_NULL, 0)));
      assertOk(session.admin().run(format(2, Setup.NSID_NULL, 1 << 9)));
    }
  }

  @Test
  void whatThereIsIsTold() {
    try (RawSession session = session()) {
      byte[] id = session.admin().run(Capsules.identify(1, 1, 0)).data();
      assertThat(id[256]).as("OACS: format").isEqualTo((byte) 2);
      assertThat(id[524]).as("FNA: of one namespace").isEqualTo((byte) 8);
      byte[] namespace = session.admin().run(Capsules.identify(2, 0, 1)).data();
      assertThat(namespace[25]).as("NLBAF: one format").isZero();
      assertThat(namespace[32] & 0xFF).as("FPI: nothing left").isEqualTo(0x80);
      byte[] effects = session.admin().run(Capsules.getLog(3, 0x05, 0, 4096)).data();
      assertThat(effects[4 * 0x80]).as("changes blocks and capabilities").isEqualTo((byte) 7);
    }
    try (RawSession discovery = RawSession.open(address(), Capsules.DISCOVERY)) {
      assertRefused(discovery.admin().run(format(1, 1, 0)), 0x001, true);
    }
  }

  /** NSID, CDW10, status. */
  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0x002",
    "0, 0, 0x00B",
    "5, 0, 0x00B",
    "1, 1, 0x10A",
    "1, 0x1000, 0x10A",
    "1, 0x10, 0x10A",
    "1, 0x20, 0x10A",
    "1, 0x100, 0x10A",
    "1, 0x400, 0x002",
    "1, 0xE00, 0x002",
    "3, 0, 0x020",
  })
  void whatIsWrongIsRefused(int nsid, int cdw10, int status) {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] data = pattern(4096, 11);
      assertOk(host.run(writeInCapsule(1, 1, 9, 1, data)));
      assertRefused(session.admin().run(format(2, nsid, cdw10)), status, true);
      assertThat(host.run(read(3, 1, 9, 1, 4096)).data()).as("untouched").isEqualTo(data);
    }
  }

  @Covers("resv")
  @Test
  void aReservationKeepsItOut() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      byte[] second = Capsules.connectData(0xFFFF, NQN, "nqn.2026-01.io.mora:second-host", 9);
      try (RawSession other = RawSession.connect(address(), NQN, Capsules.connect(0, second), 0)) {
        other.enable();
        assertOk(host.run(Capsules.reservation(0x0D, 1, 1, 0, 0, 5)));
        assertOk(host.run(Capsules.reservation(0x11, 2, 1, 1 << 8, 5, 0)));
        assertRefused(other.admin().run(format(3, 1, 0)), 0x083, true);
        assertOk(session.admin().run(format(4, 1, 0)));
        assertOk(host.run(Capsules.reservation(0x15, 5, 1, 1, 5)));
        assertOk(other.admin().run(format(6, 1, 0)));
      }
    }
  }
}
