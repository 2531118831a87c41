package io.mora.tests.system.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationListener;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.CommandException;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.status.Status;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.GuestWire;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Java host drives the target of a real Linux kernel. */
@Tag("interop")
class KernelTargetTest {
  private static final Nqn KERNEL = new Nqn("nqn.2014-08.org.mora:kernel");
  private static final int DEPTH = 32;
  private static final int COMMANDS = 600;
  private static final String SECONDS = "900";

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void readsAndWritesReconnectsAndFollowsNamespaces() throws Exception {
    Guest.require();
    Path folder = evidence.keep();
    Path capture = folder.resolve("capture.pcap");
    int port = Guest.freePort();
    Guest guest =
        evidence.closing(
            Guest.start(
                folder,
                List.of(
                    "--fwd",
                    port + ":4420",
                    "--stdin",
                    "--pcap",
                    capture.toString(),
                    "--timeout",
                    SECONDS),
                "kernel-target.sh",
                4420,
                SECONDS));
    guest.await("READY");
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    GuestWire wire = evidence.closing(GuestWire.toGuest(port));
    TransportAddress address = new TransportAddress("127.0.0.1", wire.port());
    assertThat(Waiting.get(host.initiator().discover(address)).entries())
        .anyMatch(entry -> KERNEL.equals(entry.subsystemNqn()));

    for (int digests = 0; digests < 4; digests++) {
      mix(host, options(address, digests), digests);
    }
    Association association = host.connect(options(address, 0));
    refusedWriteZeroes(association.namespace(3));
    sameBytesOnBothSides(association.namespace(2), guest);
    survivesBounce(association, guest);
    followsNamespaces(association, guest);
    Waiting.get(association.disconnect());

    guest.tell("stop");
    int status = guest.end();
    assertThat(guest.printed("FAIL")).isEmpty();
    assertThat(status).isZero();
    Captures.judgeCut(capture, 4420);
  }

  private static ConnectOptions options(TransportAddress address, int digests) {
    return ConnectOptions.to(address, KERNEL)
        .queues(2)
        .headerDigest((digests & 1) != 0)
        .dataDigest((digests & 2) != 0)
        .reconnectDelayMs(300)
        .connectTimeoutMs(5_000)
        .adminTimeoutMs(20_000)
        .keepAliveTimeoutMs(30_000) // an emulated kernel on a busy machine is slow to answer
        .build();
  }

  /** Random commands on the namespaces of 512- and 4096-byte blocks, each time elsewhere. */
  private void mix(InitiatorFixture host, ConnectOptions options, int round) {
    Association association = host.connect(options);
    for (int nsid = 1; nsid <= 2; nsid++) {
      RemoteNamespace namespace = association.namespace(nsid);
      RandomMix mix = new RandomMix(namespace, round * 4096L, 2048, evidence.seed());
      mix.plain().run(DEPTH, COMMANDS).verify();
      largeTransfer(namespace);
    }
    Waiting.get(association.disconnect());
  }

  /** More than goes into one H2CData of ours: what the kernel makes of the digest of a piece. */
  private static void largeTransfer(RemoteNamespace namespace) {
    ByteBuffer data = ByteBuffer.allocateDirect(1 << 20);
    for (int at = 0; at < data.capacity(); at += Long.BYTES) {
      data.putLong(at, at * 0x9E3779B97F4A7C15L);
    }
    int blocks = data.capacity() / namespace.blockBytes();
    long slba = namespace.blocks() - blocks;
    Waiting.get(namespace.write(slba, blocks, data.duplicate()));
    ByteBuffer back = ByteBuffer.allocateDirect(data.capacity());
    Waiting.get(namespace.read(slba, blocks, back));
    assertThat(back.clear()).isEqualTo(data);
  }

  private static void refusedWriteZeroes(RemoteNamespace file) {
    Throwable refused = Waiting.failure(file.writeZeroes(0, 1));
    assertThat(refused).isInstanceOf(CommandException.class);
    assertThat(Status.code(((CommandException) refused).status())).isEqualTo(Status.INVALID_OPCODE);
  }

  /** The kernel's sum of its device is ours of what we read. */
  private static void sameBytesOnBothSides(RemoteNamespace namespace, Guest guest)
      throws Exception {
    guest.tell("crc " + namespace.nsid());
    String prefix = "CRC " + namespace.nsid() + " ";
    String sum = guest.await(prefix).substring(prefix.length());
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    int piece = (1 << 20) / namespace.blockBytes();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    for (long lba = 0; lba < namespace.blocks(); lba += piece) {
      Waiting.get(namespace.read(lba, piece, buffer));
      sha256.update(buffer.duplicate());
    }
    assertThat(HexFormat.of().formatHex(sha256.digest())).isEqualTo(sum);
  }

  private void survivesBounce(Association association, Guest guest) {
    RandomMix mix = new RandomMix(association.namespace(2), 20_000, 2048, evidence.seed()).plain();
    mix.witness(guest::state);
    AtomicInteger back = new AtomicInteger();
    association.addListener(
        new AssociationListener() {
          @Override
          public void stateChanged(Association which, AssociationState state) {
            if (state == AssociationState.LIVE) {
              back.incrementAndGet();
            }
          }
        });
    guest.tell("bounce 1");
    mix.run(DEPTH, () -> back.get() > 0);
    mix.run(DEPTH, 100).verify();
    assertThat(mix.failures()).isZero();
    guest.await("LISTENING");
  }

  private static void followsNamespaces(Association association, Guest guest) {
    guest.tell("add 7");
    guest.await("ADDED 7");
    Waiting.until("namespace 7", () -> association.findNamespace(7).isPresent());
    RemoteNamespace added = association.namespace(7);
    CompletionStage<?> written = added.write(0, 1, ByteBuffer.allocateDirect(added.blockBytes()));
    Waiting.get(written);
    guest.tell("drop 7");
    guest.await("DROPPED 7");
    Waiting.until("no namespace 7", () -> association.findNamespace(7).isEmpty());
  }

  @Test
  void theJudgeOfCapturesTellsGoodFromBad() {
    Guest.require();
    Guest.Output verdict = Captures.selfTest();
    System.out.println(verdict.text().strip());
    assertThat(verdict.status()).as(verdict.text()).isZero();
  }
}
