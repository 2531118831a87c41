package io.mora.tests.system.conformance.format;

import static io.mora.tests.system.conformance.Conformance.assertOk;
import static io.mora.tests.system.conformance.Conformance.assertRefused;
import static io.mora.tests.system.conformance.Conformance.read;
import static io.mora.tests.system.conformance.Conformance.writeInCapsule;
import static io.mora.tests.system.conformance.format.FormatTest.format;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.backend.IoRequest;
import io.mora.target.state.StateFolder;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Format NVM of a namespace whose reservation another host is changing. */
@Covers("format")
class FormatReservedTest {
  private static final String NQN = Setup.NQN.value();
  private static final String SECOND = "nqn.2026-01.io.mora:second-host";
  private static final int IN_PROGRESS = 0x084;

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void whoReservesWhileItWaitsKeepsItOut() throws IOException {
    Scratch files = evidence.closing(new Scratch());
    StateFolder state = StateFolder.at(files.file("state"));
    Gates gates = new Gates();
    TargetFixture target =
        evidence.closing(TargetFixture.start(spec(files.file("blocks").toString()), gates, state));
    InetSocketAddress address = target.target().listeners().get(0).address();
    RawSession formatting = evidence.closing(RawSession.open(address, NQN));
    byte[] connect = Capsules.connectData(0xFFFF, NQN, SECOND, 9);
    RawSession reserving =
        evidence.closing(RawSession.connect(address, NQN, Capsules.connect(0, connect), 0));
    reserving.enable();
    RawHost host =
        reserving.queue(
            Capsules.connect(1, Capsules.connectData(reserving.cntlid(), NQN, SECOND, 9)), 0, 0);
    byte[] data = Conformance.pattern(4096, 3);
    assertOk(host.run(writeInCapsule(1, 1, 3, 1, data)));
    assertOk(host.run(Capsules.reservation(0x0D, 2, 1, 0, 0, 5)));

    CompletableFuture<Void> kept = new CompletableFuture<>();
    state.reservation(UUID.randomUUID()).change(now -> now.persist(false), outcome -> kept.join());
    host.send(Capsules.reservation(0x11, 3, 1, 1 << 8, 5, 0));
    assertOk(host.run(read(4, 1, 3, 1, 4096)));
    formatting.admin().send(format(5, 1, 0));
    Waiting.until(
        "the format has begun", () -> host.run(read(6, 1, 3, 1, 4096)).code() == IN_PROGRESS);
    kept.complete(null);
    assertOk(host.outcome(3));
    assertRefused(formatting.admin().outcome(5), 0x083, true);
    assertThat(gates.get(0).arrived(IoRequest.WRITE_ZEROES)).as("zeroed").isZero();
    assertThat(host.run(read(7, 1, 3, 1, 4096)).data()).isEqualTo(data);
    assertOk(host.run(writeInCapsule(8, 1, 4, 1, data)));
  }

  private static TargetSpec spec(String blocks) {
    BackendSpec file =
        new BackendSpec.File(blocks, 1 << 20, false, BackendSpec.DirectIo.NEVER, false);
    List<NamespaceSpec> namespaces = List.of(NamespaceSpec.of(Setup.NQN, 1, 4096, file));
    return new Setup(TransportChoice.AUTO, 2)
        .spec()
        .withSubsystems(List.of(SubsystemSpec.openToAll(Setup.NQN, namespaces)));
  }
}
