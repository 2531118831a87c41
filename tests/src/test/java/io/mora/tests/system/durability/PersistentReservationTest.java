package io.mora.tests.system.durability;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.system.conformance.Conformance.assertOk;
import static io.mora.tests.system.conformance.Conformance.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.DaemonFixture;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reservations of a daemon that is killed with {@code kill -9}: namespace 1 a file, 2 memory. */
@Tag("durability")
@Covers("resv.ptpl")
class PersistentReservationTest {
  private static final String NQN = Served.SUBSYSTEM.value();
  private static final int BLOCK = 4096;
  private static final int REGISTER = 0x0D;
  private static final int REPORT = 0x0E;
  private static final int ACQUIRE = 0x11;
  private static final int RELEASE = 0x15;
  private static final int CONFLICT = 0x083;
  private static final int PTPL = 0x83;
  private static final long KEY_A = 0xA;
  private static final long KEY_B = 0xB;

  /** CPTPL. */
  private static final int KEEP = 3 << 30;

  private static final int FORGET = 2 << 30;

  @RegisterExtension final Evidence evidence = new Evidence();

  private DaemonFixture daemon() {
    Scratch data = evidence.closing(new Scratch());
    Served served =
        Served.on(2).withFile(data.file("blocks"), 1 << 20, BLOCK).withMemory(1 << 20, BLOCK);
    DaemonFixture daemon = evidence.closing(DaemonFixture.start(evidence.folder(), served));
    evidence.offer("daemon.txt", daemon::logText);
    return daemon;
  }

  /** A host that is known by its number. */
  private static final class Host implements AutoCloseable {
    private final RawSession session;
    private final RawHost queue;

    Host(DaemonFixture daemon, int number) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
      session = RawSession.connect(address, NQN, connect(0, 0xFFFF, number), 0);
      session.enable();
      queue = session.queue(connect(1, session.cntlid(), number), 0, 0);
    }

    private static Frame connect(int qid, int cntlid, int number) {
      String nqn = "nqn.2026-01.io.mora:host-" + number;
      return Capsules.connect(qid, Capsules.connectData(cntlid, NQN, nqn, number));
    }

    Outcome register(int nsid, int dw10, long current, long fresh) {
      return queue.run(Capsules.reservation(REGISTER, 1, nsid, dw10, current, fresh));
    }

    Outcome acquire(int type, long key) {
      return queue.run(Capsules.reservation(ACQUIRE, 2, 1, type << 8, key, 0));
    }

    Outcome clear(long key) {
      return queue.run(Capsules.reservation(RELEASE, 3, 1, 1, key));
    }

    /** The header and room for two registrants. */
    List<Byte> report() {
      Frame ask = Capsules.transfer(REPORT, 4, 1, 192).put(CDW10, 4, 47).put(CDW11, 4, 1);
      Outcome outcome = queue.run(ask);
      assertOk(outcome);
      List<Byte> bytes = new ArrayList<>();
      for (byte each : outcome.data()) {
        bytes.add(each);
      }
      return bytes;
    }

    boolean writes() {
      Outcome outcome = queue.run(Conformance.writeInCapsule(5, 1, 0, 1, new byte[BLOCK]));
      if (outcome.code() != 0) {
        assertRefused(outcome, CONFLICT, true);
      }
      return outcome.code() == 0;
    }

    Outcome ptpl(int nsid) {
      return session.admin().run(Capsules.getFeature(6, PTPL).put(Capsules.SQE + 4, 4, nsid));
    }

    Outcome ptpl(int nsid, int value) {
      Frame set = Capsules.setFeature(7, PTPL, value).put(Capsules.SQE + 4, 4, nsid);
      return session.admin().run(set);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static void killAndStart(DaemonFixture daemon) {
    daemon.kill();
    daemon.startAgain();
  }

  @Test
  void itIsAsItWas() {
    DaemonFixture daemon = daemon();
    List<Byte> before;
    try (Host a = new Host(daemon, 7);
        Host b = new Host(daemon, 9)) {
      assertOk(a.register(1, KEEP, 0, KEY_A));
      assertOk(b.register(1, 0, 0, KEY_B));
      assertOk(b.register(1, 2, KEY_B, KEY_B + 1));
      assertOk(a.acquire(1, KEY_A));
      assertThat(b.writes()).isFalse();
      before = a.report();
      assertThat(before.get(9)).as("PTPLS").isEqualTo((byte) 1);
      assertThat(before.get(0)).as("GEN").isEqualTo((byte) 3);
    }
    for (int i = 0; i < 2; i++) {
      killAndStart(daemon);
      try (Host b = new Host(daemon, 9);
          Host stranger = new Host(daemon, 11)) {
        assertThat(b.writes() || stranger.writes()).as("while A is away").isFalse();
        try (Host a = new Host(daemon, 7)) {
          assertThat(a.report()).isEqualTo(before);
          assertThat(a.writes()).isTrue();
        }
      }
    }
    // Turned off, it ends with the target.
    try (Host a = new Host(daemon, 7)) {
      assertOk(a.register(1, FORGET, 0, KEY_A));
      assertThat(a.report().get(4)).as("RTYPE").isEqualTo((byte) 1);
    }
    killAndStart(daemon);
    try (Host b = new Host(daemon, 9)) {
      assertThat(b.report()).containsOnly((byte) 0);
      assertThat(b.writes()).isTrue();
    }
  }

  @Covers("feature.reservation")
  @Test
  void theFeatureSetsItToo() {
    DaemonFixture daemon = daemon();
    try (Host a = new Host(daemon, 7)) {
      byte[] durable = a.session.admin().run(Capsules.identify(1, 0, 1)).data();
      assertThat(durable[31] & 0xFF).as("RESCAP of the file").isEqualTo(0xFF);
      byte[] memory = a.session.admin().run(Capsules.identify(1, 0, 2)).data();
      assertThat(memory[31] & 0xFF).as("RESCAP of memory").isEqualTo(0xFE);
      assertRefused(a.register(2, KEEP, 0, KEY_A), 0x002, true);
      assertRefused(a.register(1, 1 << 30, 0, KEY_A), 0x002, true);
      assertRefused(a.ptpl(2, 1), 0x002, true);
      assertRefused(a.ptpl(-1, 1), 0x002, true);
      assertRefused(a.ptpl(1, 2), 0x002, true);
      assertRefused(a.ptpl(5, 1), 0x00B, true);
      assertRefused(a.ptpl(5), 0x00B, true);
      assertOk(a.ptpl(2, 0));
      assertThat(a.ptpl(1).dw0()).isZero();
      assertOk(a.register(1, 0, 0, KEY_A));
      assertOk(a.ptpl(1, 1));
      assertThat(a.ptpl(1).dw0()).isEqualTo(1);
      assertOk(a.acquire(2, KEY_A));
    }
    killAndStart(daemon);
    try (Host a = new Host(daemon, 7)) {
      assertThat(a.ptpl(1).dw0()).isEqualTo(1);
      assertThat(a.report().get(4)).as("RTYPE").isEqualTo((byte) 2);
      assertOk(a.ptpl(-1, 0));
      assertThat(a.ptpl(1).dw0()).isZero();
    }
    killAndStart(daemon);
    try (Host a = new Host(daemon, 7)) {
      assertThat(a.report()).containsOnly((byte) 0);
    }
  }

  /** Nobody knows who may write: so nobody may, until a host says that it is over. */
  @Test
  void aDamagedFileKeepsEverybodyOut() throws IOException {
    DaemonFixture daemon = daemon();
    try (Host a = new Host(daemon, 7)) {
      assertOk(a.register(1, KEEP, 0, KEY_A));
      assertOk(a.acquire(1, KEY_A));
    }
    daemon.kill();
    Path kept;
    try (var files = Files.list(evidence.folder().resolve("target.yaml.state"))) {
      kept = files.findFirst().orElseThrow();
    }
    String text = Files.readString(kept);
    Files.writeString(kept, text.replace("type 1", "type 0"));
    daemon.startAgain();
    try (Host a = new Host(daemon, 7)) {
      assertThat(a.writes()).isFalse();
      assertRefused(a.clear(KEY_A), CONFLICT, true);
      assertOk(a.register(1, 0, 0, KEY_A));
      assertThat(a.writes()).isFalse();
      assertOk(a.clear(KEY_A));
      assertThat(a.writes()).isTrue();
      assertThat(a.report().get(4)).isZero();
    }
    assertThat(daemon.logText()).contains("ERROR").contains(kept.getFileName().toString());
  }
}
