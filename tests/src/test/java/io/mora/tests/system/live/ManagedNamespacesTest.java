package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Namespaces that a host makes, attaches and deletes, while another one only uses them. */
@Covers("ns.manage")
class ManagedNamespacesTest extends PooledTarget {
  @Test
  void whatAHostMakesIsThereForThoseItIsAttachedTo() throws IOException {
    try (RawSession manager = listening(session());
        RawSession other = other()) {
      RawHost admin = manager.admin();
      List<Integer> before = allocated(admin);
      int nsid = made(admin, SIZE, FORMAT_4K);
      assertThat(before).doesNotContain(nsid);
      assertThat(allocated(admin)).contains(nsid).containsAll(before);
      assertThat(activeNsids(admin)).doesNotContain(nsid);
      assertThat(allocated(other.admin())).as("who may not attach it").doesNotContain(nsid);
      assertThat(page(admin, 0x11, nsid).getLong(0)).isEqualTo(SIZE / BLOCK);
      assertThat(page(admin, 0x00, nsid).getLong(0)).as("inactive").isZero();
      assertThat(controllersOf(admin, nsid)).isEmpty();
      assertThat(unallocated(admin)).isEqualTo(POOL - SIZE);
      assertThat(Files.size(files().get(0))).isEqualTo(SIZE);

      RawHost queue = queue(other);
      assertRefused(queue.run(write(1, nsid, 0, pattern(1))), INVALID_NAMESPACE);
      other.admin().send(Capsules.asyncEvent(100));
      assertOk(admin.run(attach(nsid, other.cntlid())));
      assertThat(event(other.admin(), 100)).isEqualTo(NAMESPACES_EVENT);
      assertThat(changedLog(other.admin())).containsExactly(nsid);
      assertThat(controllersOf(admin, nsid)).containsExactly(other.cntlid());
      assertThat(activeNsids(other.admin())).contains(nsid);
      assertThat(activeNsids(admin)).as("another host").doesNotContain(nsid);
      assertOk(queue.run(write(2, nsid, 0, pattern(1))));

      assertOk(admin.run(attach(nsid, manager.cntlid())));
      other.admin().send(Capsules.asyncEvent(101));
      assertOk(admin.run(detach(nsid, other.cntlid())));
      assertThat(event(other.admin(), 101)).isEqualTo(NAMESPACES_EVENT);
      assertRefused(queue.run(write(3, nsid, 0, pattern(1))), INVALID_NAMESPACE);
      assertThat(manager.queue(1).run(read(4, nsid, 0, 1)).data()).isEqualTo(pattern(1));

      assertOk(admin.run(delete(nsid)));
      assertThat(allocated(admin)).isEqualTo(before);
      assertThat(unallocated(admin)).isEqualTo(POOL);
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void bothBlockSizesCanBeMadeAndAllDeletedAtOnce() throws IOException {
    apply(withNamespaces(List.of()));
    try (RawSession manager = session()) {
      RawHost admin = manager.admin();
      ByteBuffer common = page(admin, 0x00, -1);
      assertThat(common.get(25)).as("NLBAF").isEqualTo((byte) 1);
      assertThat(common.get(128 + 2)).as("LBADS of format 0").isEqualTo((byte) 12);
      assertThat(common.get(128 + 6)).as("LBADS of format 1").isEqualTo((byte) 9);
      assertThat(made(admin, SIZE, FORMAT_4K)).isEqualTo(1);
      assertThat(made(admin, SIZE, FORMAT_512)).isEqualTo(2);
      assertOk(admin.run(attach(2, manager.cntlid())));
      ByteBuffer small = page(admin, 0x00, 2);
      assertThat(small.getLong(0)).isEqualTo(SIZE / 512);
      assertThat(small.get(128 + 2)).isEqualTo((byte) 9);
      assertOk(admin.run(delete(1)));
      assertThat(made(admin, POOL - SIZE, FORMAT_4K)).as("the lowest that is free").isEqualTo(1);
      assertThat(unallocated(admin)).isZero();
      assertRefused(admin.run(create(wanted(1 << 20, FORMAT_4K))), 0x115);
      assertOk(admin.run(delete(-1)));
      assertThat(allocated(admin)).isEmpty();
      assertThat(files()).isEmpty();
    }
  }

  /** What an operator made more of is served; only hosts make no more. */
  @Test
  void soManyAndNoMore() throws IOException {
    List<Nqn> managers = List.of(new Nqn(Capsules.HOSTNQN));
    try (RawSession manager = session()) {
      RawHost admin = manager.admin();
      pool(new PoolSpec(scratch.folder().toString(), POOL, 3, managers));
      int first = made(admin, SIZE, FORMAT_4K);
      int second = made(admin, SIZE, FORMAT_512);
      int third = made(admin, SIZE, FORMAT_4K);
      assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K))), 0x116);
      assertThat(files()).hasSize(3);
      pool(new PoolSpec(scratch.folder().toString(), POOL, 2, managers));
      assertThat(allocated(admin)).contains(first, second, third);
      assertOk(admin.run(attach(third, manager.cntlid())));
      assertOk(manager.queue(1).run(write(1, third, 0, pattern(1))));
      assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K))), 0x116);
      assertOk(admin.run(delete(first)));
      assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K))), 0x116);
      assertOk(admin.run(delete(second)));
      assertThat(made(admin, SIZE, FORMAT_4K)).isEqualTo(first);
      assertThat(unallocated(admin)).isEqualTo(POOL - 2 * SIZE);
    }
  }

  @Test
  void whatCannotBeIsRefusedAndChangesNothing() {
    try (RawSession manager = session();
        RawSession other = other()) {
      RawHost admin = manager.admin();
      int id = manager.cntlid();
      int nsid = made(admin, SIZE, FORMAT_4K);
      var spec = target.spec();
      assertRefused(admin.run(create(wanted(SIZE, 2))), 0x10A);
      assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K).putLong(8, 1))), 0x11B);
      assertRefused(admin.run(create(wanted(0, FORMAT_4K))), 0x002);
      assertRefused(admin.run(create(wanted(POOL, FORMAT_4K))), 0x115);
      assertRefused(admin.run(create(wanted(0, 0).putLong(0, -1L).putLong(8, -1L))), 0x115);
      assertRefused(
          admin.run(create(wanted(0, 0).putLong(0, 1L << 50).putLong(8, 1L << 50))), 0x115);
      assertRefused(admin.run(create(wanted(SIZE, 0).put(30, (byte) 0))), 0x002);
      assertRefused(admin.run(create(wanted(SIZE, 0).put(29, (byte) 1))), 0x002);
      assertRefused(admin.run(create(wanted(SIZE, 0).putInt(92, 129))), 0x124);
      assertRefused(admin.run(create(wanted(SIZE, 0)).put(Capsules.CDW11 + 3, 1, 1)), 0x129);
      assertRefused(admin.run(create(wanted(SIZE, 0)).put(Capsules.CDW10, 4, 2)), 0x002);
      assertRefused(admin.run(delete(0)), INVALID_NAMESPACE);
      assertRefused(admin.run(delete(77)), INVALID_NAMESPACE);
      assertRefused(admin.run(delete(Setup.NSID_4K)), 0x015);
      assertRefused(admin.run(delete(-1)), 0x015);
      assertRefused(admin.run(attach(77, id)), INVALID_NAMESPACE);
      assertRefused(admin.run(attach(Setup.NSID_4K, id)), 0x015);
      assertRefused(admin.run(attach(nsid)), 0x11C);
      assertRefused(admin.run(attach(nsid, id, 0x7777)), 0x11C);
      assertRefused(admin.run(attachment(nsid, 2048, id)), 0x11C);
      assertRefused(admin.run(attach(nsid, id, id)), 0x11C);
      assertRefused(admin.run(detach(nsid, id)), 0x11A);
      assertRefused(admin.run(attach(nsid, id).put(Capsules.CDW10, 4, 2)), 0x002);
      assertThat(target.spec()).isEqualTo(spec);
      assertOk(admin.run(attach(nsid, id)));
      assertRefused(admin.run(attach(nsid, other.cntlid(), id)), 0x118);
      assertThat(controllersOf(admin, nsid)).containsExactly(id);
    }
  }

  @Test
  void aReservationOfAnotherHostProtectsIt() {
    try (RawSession manager = session();
        RawSession other = other()) {
      RawHost admin = manager.admin();
      int nsid = made(admin, SIZE, FORMAT_4K);
      assertOk(admin.run(attach(nsid, other.cntlid())));
      RawHost queue = queue(other);
      assertOk(queue.run(Capsules.reservation(0x0D, 1, nsid, 0, 0, 5)));
      assertOk(queue.run(Capsules.reservation(0x11, 2, nsid, 1 << 8, 5, 0)));
      assertRefused(admin.run(delete(nsid)), 0x083);
      assertRefused(admin.run(detach(nsid, other.cntlid())), 0x083);
      assertOk(queue.run(Capsules.reservation(0x15, 3, nsid, 1, 5)));
      assertOk(admin.run(delete(nsid)));
    }
  }

  @Test
  void whoMayNotSeesNothingOfIt() {
    try (RawSession manager = session();
        RawSession other = other()) {
      assertThat(page(manager.admin(), 1, 0).getShort(256) & 8).as("OACS").isEqualTo(8);
      for (int i = 0; i < 2; i++) {
        RawHost admin = i == 0 ? other.admin() : manager.admin();
        assertThat(page(admin, 1, 0).getShort(256) & 8).as("OACS").isZero();
        assertThat(page(admin, 1, 0).getLong(280)).as("TNVMCAP").isZero();
        assertThat(bytes(page(admin, 0, -1))).containsOnly(0);
        assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K))), 0x001);
        assertRefused(admin.run(delete(Setup.NSID_4K)), 0x001);
        assertRefused(admin.run(attach(Setup.NSID_4K, manager.cntlid())), 0x001);
        byte[] effects = admin.run(Capsules.getLog(1, 0x05, 0, 4096)).data();
        assertThat(effects[4 * MANAGEMENT] | effects[4 * ATTACHMENT]).isZero();
        // From now on the other one may not either.
        pool(POOL, List.of());
      }
    }
  }

  /** The name of a host that has a key is a claim where it was not asked for that. */
  @Test
  void aNameThatNobodyProvedManagesNothing() {
    TargetSpec spec = target.spec();
    var listeners = spec.listeners().stream().map(each -> each.withTrust(Trust.PROVEN)).toList();
    assertThat(target.apply(spec.withListeners(listeners)).problems())
        .extracting(Problem::key)
        .contains("subsystems[0].pool.hosts[0]");
    Nqn manager = new Nqn(Capsules.HOSTNQN);
    apply(spec.withListeners(listeners).withHosts(each(spec, manager, Trust.CLAIMED)));
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      int nsid = made(admin, SIZE, FORMAT_4K);
      DhchapSecret secret = DhchapSecret.generate(DhchapHash.SHA256, 32, new SecureRandom());
      List<HostSpec> keyed =
          target.spec().hosts().stream()
              .map(
                  host ->
                      host.nqn().equals(manager)
                          ? host.with(DhchapSpec.of(secret)).with(Trust.PROVEN)
                          : host)
              .toList();
      apply(target.spec().withHosts(keyed));
      assertRefused(admin.run(delete(nsid)), 0x001);
      assertRefused(admin.run(create(wanted(SIZE, FORMAT_4K))), 0x001);
      assertThat(page(admin, 1, 0).getShort(256) & 8).as("OACS").isZero();
    }
  }

  private static List<HostSpec> each(TargetSpec spec, Nqn which, Trust trust) {
    return spec.hosts().stream()
        .map(host -> host.nqn().equals(which) ? host.with(trust) : host)
        .toList();
  }

  /** One controller has no more than one order under way, and forgets none. */
  @Test
  void manyAtOnceAreMadeOneAfterTheOther() {
    try (RawSession manager = session()) {
      RawHost admin = manager.admin();
      List<Frame> orders = new ArrayList<>();
      for (int cid = 60; cid < 66; cid++) {
        orders.add(create(wanted(1 << 20, FORMAT_4K)).put(Capsules.SQE + 2, 2, cid));
      }
      admin.sendTogether(orders.toArray(new Frame[0]));
      Set<Integer> made = new HashSet<>();
      for (int cid = 60; cid < 66; cid++) {
        Outcome outcome = admin.outcome(cid);
        assertOk(outcome);
        made.add(outcome.dw0());
      }
      assertThat(made).hasSize(6);
      assertThat(allocated(admin)).containsAll(made);
    }
  }

  /** The host does not hear what became of it; the namespace is there, or is not, whole. */
  @Test
  void aResetWhileOneIsMade() throws IOException {
    try (RawSession manager = session()) {
      RawHost admin = manager.admin();
      for (int i = 0; i < 5; i++) {
        int before = allocated(admin).size();
        admin.send(create(wanted(SIZE, FORMAT_512)).put(Capsules.SQE + 2, 2, 60 + i));
        manager.set(RawSession.DISABLE);
        manager.awaitStatus(1, 0);
        manager.enable();
        List<Integer> after = allocated(admin);
        assertThat(after.size() - before).isBetween(0, 1);
        // Behind the one that may be on its way still.
        int last = made(admin, 1 << 20, FORMAT_4K);
        assertThat(allocated(admin)).contains(last);
        assertThat(files()).hasSize(allocated(admin).size() - NOT_OF_THE_POOL);
        for (int nsid : allocated(admin)) {
          if (admin.run(delete(nsid)).code() == 0) {
            assertThat(allocated(admin)).doesNotContain(nsid);
          }
        }
      }
      assertThat(files()).isEmpty();
    }
  }
}
