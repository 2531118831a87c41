package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.live.ApplyResult;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be done as a whole is not done at all. */
class RefusedChangesTest extends LiveTarget {
  private void refused(TargetSpec wanted, String key, String... words) {
    TargetSpec before = target.spec();
    var listening = target.listeners();
    ApplyResult result;
    try (RawSession session = listening(session())) {
      result = target.apply(wanted);
      assertThat(changedLog(session.admin())).isEmpty();
      assertThat(activeNsids(session.admin()))
          .isEqualTo(
              first(before).namespaces().stream().map(NamespaceSpec::nsid).sorted().toList());
    }
    assertThat(result.isApplied()).isFalse();
    assertThat(result.changes()).isEmpty();
    assertThat(result.problems()).extracting(Problem::key).contains(key);
    assertThat(result.problems().toString()).contains(words);
    assertThat(target.spec()).isEqualTo(before);
    assertThat(target.listeners()).isEqualTo(listening);
  }

  @Test
  void anInvalidSpec() {
    refused(withAdded(memory(1, 1 << 20)), "subsystems[0].namespaces[4].nsid", "already used");
  }

  @Test
  void whatNeedsAnotherStart() {
    ShardSpec was = target.spec().shards();
    ShardSpec other = new ShardSpec(was.count(), was.transport(), was.cpus(), was.pin(), 16L << 20);
    refused(withAdded(memory(9, 1 << 20)).withShards(other), "shards", "while the target runs");
  }

  @Test
  void anotherSerialNumber() {
    SubsystemSpec was = first(target.spec());
    SubsystemSpec other =
        new SubsystemSpec(was.nqn(), "OTHER", was.model(), true, List.of(), was.namespaces());
    refused(
        target.spec().withSubsystems(List.of(other)),
        "subsystems[" + NQN + "].serial",
        "remove the subsystem first");
  }

  /** What was opened before it is closed again. */
  @Test
  void storageThatCannotBeOpened(@TempDir Path folder) throws IOException {
    Path first = folder.resolve("first.img");
    List<NamespaceSpec> more = new ArrayList<>(first(target.spec()).namespaces());
    more.add(NamespaceSpec.of(NQN, 9, BLOCK, file(first)));
    more.add(NamespaceSpec.of(NQN, 10, BLOCK, file(folder.resolve("no/such/folder.img"))));
    refused(withNamespaces(more), "", "namespace 10", "folder.img");
    List<NamespaceSpec> good = more.subList(0, more.size() - 1);
    apply(withNamespaces(good));
    assertThat(Files.size(first)).isEqualTo(1 << 20);
  }

  private static BackendSpec file(Path path) {
    return new BackendSpec.File(path.toString(), 1 << 20, false, BackendSpec.DirectIo.AUTO, false);
  }

  @Test
  void anAddressInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.3"))) {
      List<ListenerSpec> more = new ArrayList<>(target.spec().listeners());
      more.add(ListenerSpec.of("127.0.0.4", 0));
      more.add(
          new ListenerSpec(new TransportAddress("127.0.0.3", taken.getLocalPort()), List.of()));
      refused(withAdded(memory(9, 1 << 20)).withListeners(more), "", "cannot listen", "127.0.0.3");
    }
  }
}
