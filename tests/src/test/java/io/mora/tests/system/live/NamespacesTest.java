package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.target.live.Change;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Namespaces that come, go and are replaced while hosts use others. */
@Covers({"log.changed", "event"})
class NamespacesTest extends LiveTarget {
  private static final int ADDED = 9;
  private static final long SIZE = 4 << 20;

  @Test
  void oneThatComesIsToldAndServed() {
    try (RawSession session = listening(session())) {
      RawHost admin = session.admin();
      RawHost queue = session.queue(1);
      assertRefused(queue.run(read(1, ADDED, 0, 1)), INVALID_NAMESPACE);
      admin.send(Capsules.asyncEvent(100));
      assertThat(apply(withAdded(memory(ADDED, SIZE))).changes())
          .extracting(Change::kind)
          .containsExactly(Change.Kind.ADDED);
      assertThat(event(admin, 100)).isEqualTo(NAMESPACES_EVENT);
      assertThat(changedLog(admin)).containsExactly(ADDED);
      assertThat(changedLog(admin)).as("read once").isEmpty();
      assertThat(activeNsids(admin)).contains(ADDED);
      assertThat(blocks(admin, ADDED)).isEqualTo(SIZE / BLOCK);
      assertOk(queue.run(write(2, ADDED, 3, pattern(3))));
      assertThat(queue.run(read(3, ADDED, 3, 1)).data()).isEqualTo(pattern(3));
    }
  }

  @Test
  void oneThatGoesIsToldAndRefused() {
    apply(withAdded(memory(ADDED, SIZE)));
    try (RawSession session = listening(session());
        RawSession deaf = session()) {
      RawHost queue = session.queue(1);
      RawHost other = deaf.queue(1);
      assertOk(queue.run(write(1, ADDED, 0, pattern(1))));
      session.admin().send(Capsules.asyncEvent(100));
      deaf.admin().send(Capsules.asyncEvent(100));
      apply(without(ADDED));
      assertThat(event(session.admin(), 100)).isEqualTo(NAMESPACES_EVENT);
      assertThat(changedLog(session.admin())).containsExactly(ADDED);
      assertRefused(queue.run(read(2, ADDED, 0, 1)), INVALID_NAMESPACE);
      assertThat(activeNsids(session.admin())).doesNotContain(ADDED);
      assertThat(blocks(session.admin(), ADDED)).as("inactive: zeroes").isZero();
      // Who did not ask for notices gets none; the log tells it all the same.
      assertThat(changedLog(deaf.admin())).containsExactly(ADDED);
      assertThat(deaf.admin().unclaimed()).isZero();
      assertOk(other.run(write(3, Setup.NSID_4K, 0, pattern(2))));
    }
  }

  @Test
  void aNoticeComesOnceUntilItsLogIsRead() {
    try (RawSession session = listening(session())) {
      RawHost admin = session.admin();
      admin.send(Capsules.asyncEvent(100));
      admin.send(Capsules.asyncEvent(101));
      apply(withAdded(memory(ADDED, SIZE)));
      assertThat(event(admin, 100)).isEqualTo(NAMESPACES_EVENT);
      apply(withAdded(memory(ADDED + 1, SIZE)));
      // Retain Asynchronous Event: looked at, and still to be reported.
      assertThat(
              list(
                  admin
                      .run(Capsules.getLog(1, 0x04, 0, 4096).put(Capsules.CDW10 + 1, 1, 0x80))
                      .data()))
          .containsExactly(ADDED, ADDED + 1);
      assertThat(admin.unclaimed()).as("masked").isZero();
      assertThat(changedLog(admin)).containsExactly(ADDED, ADDED + 1);
      assertThat(event(admin, 101)).as("what came while it was masked").isEqualTo(NAMESPACES_EVENT);
    }
  }

  @Test
  void whatWaitsForItsDataWhenItGoesFails() {
    apply(withAdded(memory(ADDED, SIZE)));
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      byte[] data = new byte[64 << 10];
      queue.send(
          Capsules.blocks(Capsules.transfer(0x01, 7, ADDED, data.length), 0, data.length / BLOCK));
      Received r2t = queue.receive(7);
      assertThat(r2t.type()).isEqualTo(Received.R2T);
      apply(without(ADDED));
      queue.answer(r2t, data, data.length);
      assertRefused(queue.outcome(7), INVALID_NAMESPACE);
      assertOk(queue.run(write(8, Setup.NSID_4K, 0, pattern(1))));
    }
  }

  /** Another namespace of the same NSID is another namespace: what the old one held is gone. */
  @Test
  void anotherIdentityReplacesIt() {
    try (RawSession session = listening(session())) {
      RawHost queue = session.queue(1);
      apply(withAdded(memory(ADDED, SIZE)));
      assertOk(queue.run(write(1, ADDED, 0, pattern(1))));
      assertThat(changedLog(session.admin())).containsExactly(ADDED);
      NamespaceSpec other = NamespaceSpec.of(NQN, ADDED, 512, new BackendSpec.Memory(SIZE));
      apply(withReplaced(other));
      assertThat(changedLog(session.admin())).containsExactly(ADDED);
      assertThat(blocks(session.admin(), ADDED)).isEqualTo(SIZE / 512);
      byte[] read =
          queue.run(Capsules.blocks(Capsules.transfer(0x02, 2, ADDED, BLOCK), 0, 8)).data();
      assertThat(read).containsOnly(0);
    }
  }

  @Test
  void itGrowsAndShrinks() {
    apply(withAdded(memory(ADDED, SIZE)));
    try (RawSession session = listening(session())) {
      RawHost queue = session.queue(1);
      RawHost admin = session.admin();
      long end = SIZE / BLOCK;
      assertOk(queue.run(write(1, ADDED, end - 1, pattern(1))));
      assertRefused(queue.run(read(2, ADDED, end, 1)), 0x080);
      admin.send(Capsules.asyncEvent(100));
      assertThat(apply(withReplaced(memory(ADDED, 2 * SIZE))).changes().get(0).what())
          .isEqualTo("size 4MiB to 8MiB");
      assertThat(event(admin, 100)).isEqualTo(NAMESPACES_EVENT);
      assertThat(changedLog(admin)).containsExactly(ADDED);
      assertThat(blocks(admin, ADDED)).isEqualTo(2 * end);
      assertThat(queue.run(read(3, ADDED, end - 1, 1)).data()).isEqualTo(pattern(1));
      assertOk(queue.run(write(4, ADDED, 2 * end - 1, pattern(2))));
      apply(withReplaced(memory(ADDED, SIZE)));
      assertThat(blocks(admin, ADDED)).isEqualTo(end);
      assertRefused(queue.run(read(5, ADDED, end, 1)), 0x080);
      assertThat(queue.run(read(6, ADDED, end - 1, 1)).data()).isEqualTo(pattern(1));
      apply(withReplaced(memory(ADDED, 2 * SIZE)));
      assertThat(queue.run(read(7, ADDED, 2 * end - 1, 1)).data())
          .as("what was cut off does not come back")
          .containsOnly(0);
    }
  }

  @Test
  void moreThanALogHoldsIsToldAsAll() {
    List<NamespaceSpec> many = new ArrayList<>(first(target.spec()).namespaces());
    for (int nsid = 100; nsid < 100 + 1025; nsid++) {
      many.add(NamespaceSpec.of(NQN, nsid, BLOCK, new BackendSpec.Null(1 << 20)));
    }
    try (RawSession session = session()) {
      apply(withNamespaces(many));
      assertThat(changedLog(session.admin())).containsExactly(-1);
      assertThat(changedLog(session.admin())).isEmpty();
      apply(withNamespaces(many.subList(0, many.size() - 1)));
      assertThat(changedLog(session.admin())).containsExactly(1124);
    }
  }
}
