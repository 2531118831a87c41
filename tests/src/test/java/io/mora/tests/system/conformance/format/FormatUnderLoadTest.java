package io.mora.tests.system.conformance.format;

import static io.mora.tests.system.conformance.Conformance.assertOk;
import static io.mora.tests.system.conformance.Conformance.assertRefused;
import static io.mora.tests.system.conformance.Conformance.read;
import static io.mora.tests.system.conformance.Conformance.write;
import static io.mora.tests.system.conformance.Conformance.writeInCapsule;
import static io.mora.tests.system.conformance.format.FormatTest.format;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.status.Status;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.Gates;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Conformance;
import io.mora.tests.system.conformance.Setup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Format NVM of a namespace that is in use, on two shards. */
@Covers("format")
class FormatUnderLoadTest {
  private static final String NQN = Setup.NQN.value();
  private static final int IN_PROGRESS = 0x084;

  @RegisterExtension final Evidence evidence = new Evidence();

  @SuppressWarnings("NullAway.Init") // by serve
  private TargetFixture target;

  @SuppressWarnings("NullAway.Init") // by serve
  private GatedBackend gate;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawSession session;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawSession other;

  private final List<RawHost> queues = new ArrayList<>();
  private final byte[] data = Conformance.pattern(4096, 3);

  private void serve() {
    Gates gates = new Gates();
    target =
        evidence.closing(TargetFixture.start(new Setup(TransportChoice.AUTO, 2).spec(), gates));
    gate = gates.get(0);
    InetSocketAddress address = target.target().listeners().get(0).address();
    session = evidence.closing(RawSession.open(address, NQN));
    other = evidence.closing(RawSession.open(address, NQN));
    for (int qid = 1; qid <= 4; qid++) {
      queues.add(other.queue(qid));
    }
  }

  /** From now on a format is at the device, and stays there. */
  private void formatAndHold() {
    gate.hold(IoRequest.WRITE_ZEROES);
    session.admin().send(format(40, 1, 0));
    Waiting.until("at the device", () -> gate.held() == 1);
  }

  private void served(RawHost host) {
    Waiting.until(
        "served again", () -> host.run(writeInCapsule(50, 1, 3, 1, data)).code() != IN_PROGRESS);
    assertOk(host.run(writeInCapsule(51, 1, 3, 1, data)));
    assertThat(host.run(read(52, 1, 3, 1, 4096)).data()).isEqualTo(data);
  }

  @Test
  void itWaitsForWhatIsAtTheDeviceAndKeepsOutWhatComes() {
    serve();
    gate.hold(IoRequest.WRITE, IoRequest.WRITE_ZEROES);
    for (RawHost host : queues) {
      host.send(writeInCapsule(20, 1, 7, 1, data));
    }
    Waiting.until("all at the device", () -> gate.held() == queues.size());
    RawHost waiting = queues.get(0);
    waiting.send(write(21, 1, 9, 16, 16 * 4096));
    Received r2t = waiting.receive();
    session.admin().send(format(40, 1, 0));
    for (RawHost host : queues) {
      Waiting.until("kept out", () -> host.run(read(22, 1, 0, 1, 4096)).code() == IN_PROGRESS);
    }
    assertThat(gate.arrived(IoRequest.WRITE_ZEROES)).as("before the writes are done").isZero();
    assertRefused(queues.get(1).run(writeInCapsule(23, 1, 7, 1, data)), IN_PROGRESS, false);
    assertRefused(other.admin().run(format(24, 1, 0)), IN_PROGRESS, false);
    assertOk(queues.get(1).run(writeInCapsule(25, 2, 7, 1, Conformance.pattern(512, 1))));
    // What was asked for its data before the format is not written by it.
    byte[] large = Conformance.pattern(16 * 4096, 5);
    waiting.answer(r2t, large, large.length);
    assertRefused(waiting.outcome(21), IN_PROGRESS, false);
    byte[] id = session.admin().run(Capsules.identify(26, 0, 1)).data();
    assertThat(id[32] & 0xFF).as("FPI: all of it is left").isEqualTo(0x80 | 100);
    gate.release();
    for (RawHost host : queues) {
      assertOk(host.outcome(20));
    }
    assertOk(session.admin().outcome(40));
    assertThat(queues.get(2).run(read(27, 1, 7, 1, 4096)).data()).containsOnly(0);
    assertThat(queues.get(3).run(read(28, 1, 9, 16, large.length)).data()).containsOnly(0);
    served(queues.get(0));
  }

  @Test
  void abortDoesNotTakeItBack() {
    serve();
    formatAndHold();
    Frame abort = Capsules.command(0x08, 5, 0).put(Capsules.CDW10, 4, 40 << 16);
    assertThat(session.admin().run(abort).dw0() & 1).as("not aborted").isEqualTo(1);
    gate.release();
    assertOk(session.admin().outcome(40));
    served(queues.get(0));
  }

  @Test
  void itFailsAsTheDeviceFails() {
    serve();
    gate.fail(IoRequest.WRITE_ZEROES, Status.WRITE_FAULT);
    assertRefused(session.admin().run(format(1, 1, 0)), 0x280, false);
    gate.fail(IoRequest.WRITE_ZEROES, Status.SUCCESS);
    served(queues.get(0));
    gate.fail(IoRequest.FLUSH, Status.WRITE_FAULT);
    assertRefused(session.admin().run(format(2, 1, 0)), 0x280, false);
    gate.fail(IoRequest.FLUSH, Status.SUCCESS);
    served(queues.get(0));
  }

  @Test
  void itEndsWithItsConnection() {
    serve();
    formatAndHold();
    session.close();
    gate.release();
    served(queues.get(0));
  }

  @Test
  void itEndsWithAResetOfItsController() {
    serve();
    formatAndHold();
    session.set(0);
    session.awaitStatus(1, 0);
    gate.release();
    session.enable();
    // Its identifier is free, and nothing answers for it.
    assertOk(session.admin().run(Capsules.identify(40, 1, 0)));
    served(queues.get(0));
    assertThat(session.admin().unclaimed()).isZero();
  }

  @Test
  void itEndsWithItsNamespace() throws Exception {
    serve();
    formatAndHold();
    TargetSpec spec = target.target().spec();
    List<NamespaceSpec> rest =
        spec.subsystems().get(0).namespaces().stream().filter(each -> each.nsid() != 1).toList();
    TargetSpec without = spec.withSubsystems(List.of(SubsystemSpec.openToAll(Setup.NQN, rest)));
    Thread removing = new Thread(() -> target.target().apply(without));
    removing.start();
    Waiting.until("gone", () -> queues.get(0).run(read(60, 1, 0, 1, 4096)).code() == 0x00B);
    gate.release();
    removing.join();
    assertThat(session.admin().outcome(40).code()).isIn(0, 0x00B);
  }
}
