package io.mora.tests.system.live;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A target with a pool that one raw host manages, and what is said to it. */
abstract class PooledTarget extends LiveTarget {
  static final int MANAGEMENT = 0x0D;
  static final int ATTACHMENT = 0x15;
  static final int FORMAT_4K = 0;
  static final int FORMAT_512 = 1;
  static final long POOL = 64 << 20;
  static final long SIZE = 8 << 20;

  /** Those the setup serves. */
  static final int NOT_OF_THE_POOL = 4;

  static final String OTHER = "nqn.2026-01.io.mora:other-host";

  final Scratch scratch = new Scratch();

  @BeforeEach
  void pool() {
    pool(POOL, List.of(new Nqn(Capsules.HOSTNQN)));
  }

  @AfterEach
  void clean() {
    scratch.close();
  }

  /** Serves a pool that these hosts manage. */
  void pool(long sizeBytes, List<Nqn> managers) {
    pool(new PoolSpec(scratch.folder().toString(), sizeBytes, managers));
  }

  void pool(PoolSpec pool) {
    List<SubsystemSpec> subsystems = new ArrayList<>(target.spec().subsystems());
    SubsystemSpec first = subsystems.get(0);
    subsystems.set(0, first.withPolicy(first.policy().withPool(pool)));
    List<HostSpec> hosts = new ArrayList<>(target.spec().hosts());
    for (String each : List.of(Capsules.HOSTNQN, OTHER)) {
      if (hosts.stream().noneMatch(known -> known.nqn().value().equals(each))) {
        hosts.add(new HostSpec(new Nqn(each)));
      }
    }
    apply(target.spec().withHosts(hosts).withSubsystems(subsystems));
  }

  RawSession other() {
    byte[] identity = Capsules.connectData(0xFFFF, NQN.value(), OTHER, 9);
    RawSession session =
        RawSession.connect(address(), NQN.value(), Capsules.connect(0, identity), 0);
    session.enable();
    return listening(session);
  }

  static RawHost queue(RawSession of) {
    byte[] identity = Capsules.connectData(of.cntlid(), NQN.value(), OTHER, 9);
    return of.queue(Capsules.connect(1, identity), 0, 0);
  }

  /** Create, with what most hosts ask for. */
  static ByteBuffer wanted(long sizeBytes, int format) {
    ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    long blocks = sizeBytes >> (format == FORMAT_4K ? 12 : 9);
    return data.putLong(0, blocks).putLong(8, blocks).put(26, (byte) format).put(30, (byte) 1);
  }

  static byte[] bytes(ByteBuffer page) {
    byte[] bytes = new byte[page.capacity()];
    page.get(0, bytes);
    return bytes;
  }

  static Frame create(ByteBuffer wanted) {
    return Capsules.inCapsule(MANAGEMENT, 50, 0, bytes(wanted));
  }

  static Frame delete(int nsid) {
    return Capsules.command(MANAGEMENT, 51, nsid).put(Capsules.CDW10, 4, 1);
  }

  static Frame attach(int nsid, int... cntlids) {
    return attachment(nsid, cntlids.length, cntlids);
  }

  static Frame attachment(int nsid, int count, int... cntlids) {
    ByteBuffer data = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) count);
    for (int each : cntlids) {
      data.putShort((short) each);
    }
    return Capsules.inCapsule(ATTACHMENT, 52, nsid, data.array());
  }

  static Frame detach(int nsid, int... cntlids) {
    return attach(nsid, cntlids).put(Capsules.CDW10, 4, 1);
  }

  static int made(RawHost admin, long sizeBytes, int format) {
    Outcome outcome = admin.run(create(wanted(sizeBytes, format)));
    assertOk(outcome);
    return outcome.dw0();
  }

  static ByteBuffer page(RawHost admin, int cns, int nsid) {
    Outcome outcome = admin.run(Capsules.identify(53, cns, nsid));
    assertOk(outcome);
    return ByteBuffer.wrap(outcome.data()).order(ByteOrder.LITTLE_ENDIAN);
  }

  static List<Integer> allocated(RawHost admin) {
    return list(bytes(page(admin, 0x10, 0)));
  }

  static long unallocated(RawHost admin) {
    return page(admin, 1, 0).getLong(296);
  }

  static List<Integer> controllersOf(RawHost admin, int nsid) {
    ByteBuffer page = page(admin, 0x12, nsid);
    List<Integer> ids = new ArrayList<>();
    for (int i = 1; i <= page.getShort(0); i++) {
      ids.add((int) page.getShort(2 * i));
    }
    return ids;
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(scratch.folder())) {
      return all.toList();
    }
  }
}
