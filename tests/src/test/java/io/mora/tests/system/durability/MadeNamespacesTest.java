package io.mora.tests.system.durability;

import static io.mora.tests.system.conformance.Conformance.assertOk;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.storage.PoolSpec;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What hosts made, attached and deleted is so after {@code kill -9} of the daemon. */
@Tag("durability")
@Covers("ns.manage")
class MadeNamespacesTest {
  private static final String NQN = Served.SUBSYSTEM.value();
  private static final int BLOCK = 4096;
  private static final int SIZE = 2 << 20;
  private static final int ROUNDS = 5;
  private static final long KEY = 5;

  @RegisterExtension final Evidence evidence = new Evidence();

  private DaemonFixture daemon(Path pool) {
    TargetSpec spec = Served.on(1).listening(0);
    SubsystemSpec first = spec.subsystems().get(0);
    Nqn host = new Nqn(Capsules.HOSTNQN);
    PoolSpec managed = new PoolSpec(pool.toString(), 1 << 30, List.of(host));
    TargetSpec wanted =
        spec.withHosts(List.of(new HostSpec(host)))
            .withSubsystems(List.of(first.withPolicy(first.policy().withPool(managed))));
    DaemonFixture daemon = evidence.closing(new DaemonFixture(evidence.folder(), wanted));
    evidence.offer("daemon.txt", daemon::logText);
    return daemon;
  }

  private static RawSession session(DaemonFixture daemon) {
    return RawSession.open(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()), NQN);
  }

  private static Frame create() {
    ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(0, SIZE / BLOCK).putLong(8, SIZE / BLOCK).put(30, (byte) 1);
    return Capsules.inCapsule(0x0D, 1, 0, data.array());
  }

  private static Frame delete(int nsid) {
    return Capsules.command(0x0D, 2, nsid).put(Capsules.CDW10, 4, 1);
  }

  private static Frame attach(int nsid, int cntlid) {
    ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 1).putShort((short) cntlid);
    return Capsules.inCapsule(0x15, 3, nsid, data.array());
  }

  private static List<Integer> nsids(RawHost admin, int cns) {
    Outcome outcome = admin.run(Capsules.identify(4, cns, 0));
    assertOk(outcome);
    ByteBuffer page = ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> nsids = new ArrayList<>();
    for (int nsid = page.getInt(); nsid != 0; nsid = page.getInt()) {
      nsids.add(nsid);
    }
    return nsids;
  }

  private static void killAndStart(DaemonFixture daemon) {
    daemon.kill();
    daemon.startAsItIs();
  }

  private static List<Path> files(Path pool) throws IOException {
    try (Stream<Path> all = Files.list(pool)) {
      return all.toList();
    }
  }

  @Test
  void whatWasAnsweredIsKept() throws IOException {
    Path pool = evidence.closing(new Scratch()).folder();
    DaemonFixture daemon = daemon(pool);
    byte[] data = Conformance.pattern(BLOCK, 5);
    int nsid;
    try (RawSession host = session(daemon)) {
      Outcome made = host.admin().run(create());
      assertOk(made);
      nsid = made.dw0();
    }
    killAndStart(daemon);
    byte[] uuid;
    try (RawSession host = session(daemon)) {
      assertThat(nsids(host.admin(), 0x10)).containsExactly(nsid);
      assertThat(nsids(host.admin(), 0x02)).as("attached").isEmpty();
      assertOk(host.admin().run(attach(nsid, host.cntlid())));
      uuid = host.admin().run(Capsules.identify(5, 3, nsid)).data();
      assertOk(host.queue(1).run(Conformance.writeInCapsule(6, nsid, 0, 1, data)));
    }
    killAndStart(daemon);
    try (RawSession host = session(daemon)) {
      assertThat(nsids(host.admin(), 0x02)).containsExactly(nsid);
      assertThat(host.admin().run(Capsules.identify(5, 3, nsid)).data()).isEqualTo(uuid);
      assertThat(host.queue(1).run(Conformance.read(7, nsid, 0, 1, BLOCK)).data()).isEqualTo(data);
      assertOk(host.admin().run(delete(nsid)));
      assertThat(files(pool)).isEmpty();
    }
    killAndStart(daemon);
    try (RawSession host = session(daemon)) {
      assertThat(nsids(host.admin(), 0x10)).isEmpty();
    }
  }

  /** It starts and serves what there is; there is only nothing to make of. */
  @Test
  void aPoolThatIsGoneKeepsNothingElseFromStarting() throws IOException {
    Path pool = Files.createDirectory(evidence.closing(new Scratch()).folder().resolve("pool"));
    DaemonFixture daemon = daemon(pool);
    daemon.kill();
    Files.delete(pool);
    daemon.startAsItIs();
    try (RawSession host = session(daemon)) {
      assertThat(host.admin().run(create()).code()).isEqualTo(0x115);
      Files.createDirectory(pool);
      assertOk(host.admin().run(create()));
    }
  }

  /** Killed while it makes them: those it told of are there, and it starts. */
  @Test
  void killedInTheMiddle() throws IOException {
    Path pool = evidence.closing(new Scratch()).folder();
    DaemonFixture daemon = daemon(pool);
    SplittableRandom random = new SplittableRandom(evidence.seed());
    List<Integer> told = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (RawSession host = session(daemon)) {
        for (int i = random.nextInt(3); i >= 0; i--) {
          Outcome made = host.admin().run(create());
          assertOk(made);
          told.add(made.dw0());
        }
        host.admin().send(create());
        pause(random.nextInt(60));
        killAndStart(daemon);
      }
      try (RawSession host = session(daemon)) {
        List<Integer> found = nsids(host.admin(), 0x10);
        assertThat(found).containsAll(told);
        assertThat(found.size() - told.size()).isBetween(0, 1);
        told = new ArrayList<>(found);
        assertOk(host.admin().run(attach(found.get(found.size() - 1), host.cntlid())));
      }
    }
    // What was begun and not told of may have left a file, which is of no namespace.
    assertThat(files(pool)).hasSizeBetween(told.size(), told.size() + ROUNDS);
  }

  /** Makes one that it has reserved, which is to outlive the daemon. */
  private static int reserved(RawSession host) {
    Outcome made = host.admin().run(create());
    assertOk(made);
    int nsid = made.dw0();
    assertOk(host.admin().run(attach(nsid, host.cntlid())));
    RawHost queue = host.queue(1);
    assertOk(queue.run(Capsules.reservation(0x0D, 1, nsid, 3 << 30, 0, KEY)));
    assertOk(queue.run(Capsules.reservation(0x11, 2, nsid, 1 << 8, KEY, 0)));
    return nsid;
  }

  private static void assertReserved(RawSession host, int nsid) {
    assertThat(host.queue(1).run(report(nsid)).data()).startsWith(1, 0, 0, 0, 1, 1);
  }

  /** No kill comes in between: what was kept of a namespace goes with it. */
  @Covers("resv.ptpl")
  @Test
  void whatIsDeletedTakesItsReservationAlong() throws IOException {
    Path state = evidence.folder().resolve("target.yaml.state");
    DaemonFixture daemon = daemon(evidence.closing(new Scratch()).folder());
    int nsid;
    try (RawSession host = session(daemon)) {
      nsid = reserved(host);
      assertThat(files(state)).hasSize(1);
    }
    killAndStart(daemon);
    try (RawSession host = session(daemon)) {
      assertReserved(host, nsid);
      assertOk(host.admin().run(delete(nsid)));
      assertThat(files(state)).isEmpty();
    }
  }

  /** Killed while it deletes one: as long as that is there its reservation is, too. */
  @Covers("resv.ptpl")
  @Test
  void killedWhileOneIsDeleted() throws IOException {
    Path pool = evidence.closing(new Scratch()).folder();
    Path state = evidence.folder().resolve("target.yaml.state");
    DaemonFixture daemon = daemon(pool);
    SplittableRandom random = new SplittableRandom(evidence.seed());
    int deleted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<Path> left = Files.isDirectory(state) ? files(state) : List.of();
      int nsid;
      try (RawSession host = session(daemon)) {
        nsid = reserved(host);
        assertThat(files(state)).hasSize(left.size() + 1);
        host.admin().send(delete(nsid));
        pause(random.nextInt(20));
        killAndStart(daemon);
      }
      try (RawSession host = session(daemon)) {
        if (nsids(host.admin(), 0x10).contains(nsid)) {
          assertReserved(host, nsid);
          assertOk(host.admin().run(delete(nsid)));
          assertThat(files(state)).containsExactlyInAnyOrderElementsOf(left);
        } else {
          deleted++;
        }
      }
    }
    int cutOff = files(state).size();
    // Which of them it meets is a matter of luck; each has a test that needs none.
    System.out.println(
        "killed in %d deletions: %d before, %d after, of which %d left a reservation"
            .formatted(ROUNDS, ROUNDS - deleted, deleted, cutOff));
    assertThat(cutOff).as("reservations of those that are gone").isBetween(0, deleted);
  }

  /** GEN, RTYPE, the number of registrants. */
  private static Frame report(int nsid) {
    return Capsules.transfer(0x0E, 3, nsid, 192)
        .put(Capsules.CDW10, 4, 47)
        .put(Capsules.CDW11, 4, 1);
  }

  private static void pause(int ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
