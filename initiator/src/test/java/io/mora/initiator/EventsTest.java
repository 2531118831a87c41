package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.Nqn;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogPage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asynchronous events, and the discovery log. */
class EventsTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void aChangedListIsReadAgain() throws IOException {
    Association association = rig.connect();
    RemoteNamespace first = association.namespace(1);
    List<Integer> events = new CopyOnWriteArrayList<>();
    List<List<RemoteNamespace>> lists = new CopyOnWriteArrayList<>();
    association.addListener(
        new AssociationListener() {
          @Override
          public void asyncEvent(Association of, int dw0) {
            events.add(dw0);
          }

          @Override
          public void namespacesChanged(Association of, List<RemoteNamespace> namespaces) {
            lists.add(namespaces);
          }
        });
    rig.controller.admin.namespaces = List.of(1, 5);
    event(0x00040002);
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> lists.size() == 1);
    assertThat(events).containsExactly(0x00040002);
    assertThat(association.namespaces()).extracting(RemoteNamespace::nsid).containsExactly(1, 5);
    assertThat(association.namespace(1)).isSameAs(first);
    assertThat(rig.controller.admin.changedListReads).hasValue(1);

    rig.controller.admin.namespaces = List.of(5);
    event(0x00040002);
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> lists.size() == 2);
    assertThat(association.findNamespace(1)).isEmpty();
    ConnectionException gone = Rig.failure(first.flush(), ConnectionException.class);
    assertThat(gone).hasMessageContaining("namespace 1 is gone");
    Rig.get(association.namespace(5).flush());
  }

  @Test
  void aPersistentInternalErrorMakesTheConnectionAnew() throws IOException {
    rig.connect();
    event(0x00010300);
    await().atMost(Rig.PATIENCE_S, TimeUnit.SECONDS).until(() -> rig.controller.connections() == 6);
  }

  private void event(int dw0) throws IOException {
    await()
        .atMost(Rig.PATIENCE_S, TimeUnit.SECONDS)
        .until(() -> rig.controller.admin.asyncEventCid.get() >= 0);
    rig.controller.admin.event(dw0);
  }

  @Test
  void theDiscoveryLogIsReadInPieces() {
    rig.controller.admin.discovery = true;
    rig.controller.admin.log = log(7, 11);
    List<String> reads = new CopyOnWriteArrayList<>();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() == AdminOpcode.GET_LOG_PAGE) {
            reads.add(
                GetLogPage.offset(command.sqe(), 0)
                    + "+"
                    + GetLogPage.lengthBytes(command.sqe(), 0)
                    + (GetLogPage.rae(command.sqe(), 0) ? "r" : ""));
          }
          return false;
        });
    DiscoveryLogPage page = Rig.get(rig.initiator.discover(rig.controller.address()));
    assertThat(page.generation()).isEqualTo(7);
    assertThat(page.entries()).hasSize(11);
    assertThat(page.entries().get(10).subsystemNqn()).isEqualTo(new Nqn("nqn.2026-01.io.mora:s10"));
    assertThat(reads)
        .containsExactly("0+1024r", "1024+4096r", "5120+4096r", "9216+3072", "0+1024r");
    assertThat(rig.initiator.associations()).isEmpty();
    assertThat(rig.controller.connections()).isEqualTo(1);
  }

  @Test
  void aLogThatChangesIsReadAgain() {
    rig.controller.admin.discovery = true;
    rig.controller.admin.log = log(1, 2);
    changeOnRead(3);
    DiscoveryLogPage page = Rig.get(rig.initiator.discover(rig.controller.address()));
    assertThat(page.entries()).hasSize(5);
  }

  @Test
  void aLogThatNeverHoldsStillFails() {
    rig.controller.admin.discovery = true;
    rig.controller.admin.log = log(1, 2);
    changeOnRead(Integer.MAX_VALUE);
    ConnectionException failure =
        Rig.failure(rig.initiator.discover(rig.controller.address()), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.CONTROLLER_FAILED);
    assertThat(failure).hasMessageContaining("each of 10 reads");
  }

  /** The log grows by an entry each time its first entries are read. */
  private void changeOnRead(int times) {
    List<Long> changes = new ArrayList<>();
    rig.controller.script(
        (wire, command) -> {
          boolean entries =
              command.opcode() == AdminOpcode.GET_LOG_PAGE
                  && GetLogPage.offset(command.sqe(), 0) == 1024;
          if (entries && changes.size() < times) {
            long next = rig.controller.admin.log.generation() + 1;
            changes.add(next);
            rig.controller.admin.log = log(next, rig.controller.admin.log.entries().size() + 1);
          }
          return false;
        });
  }

  private static DiscoveryLogPage log(long generation, int count) {
    List<DiscoveryLogEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(
          DiscoveryLogEntry.builder()
              .set(DiscoveryLogEntry.Field.TRTYPE, DiscoveryLogEntry.TRTYPE_TCP)
              .set(DiscoveryLogEntry.Field.SUBTYPE, DiscoveryLogEntry.NVM_SUBSYSTEM)
              .set(DiscoveryLogEntry.Field.TRADDR, "192.0.2." + i)
              .set(DiscoveryLogEntry.Field.TRSVCID, "4420")
              .set(DiscoveryLogEntry.Field.SUBNQN, "nqn.2026-01.io.mora:s" + i)
              .build());
    }
    return new DiscoveryLogPage(generation, 0, entries);
  }
}
