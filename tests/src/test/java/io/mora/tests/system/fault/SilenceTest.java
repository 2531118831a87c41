package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationState;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.PduType;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.FaultProxy.Fault;
import io.mora.tests.kit.FaultProxy.Way;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import io.mora.tests.kit.spec.Covers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody says that anything is wrong: a wire that swallows all, a host that does not read. */
@Tag("fault")
class SilenceTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 1024;
  private static final Served SERVED = Served.on(2).withMemory(16 << 20, BLOCK);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Covers("bound.gone")
  @Test
  void bothEndsNoticeABlackHoleByKeepAliveAndFindBack() throws Exception {
    FaultyWire wire = new FaultyWire(evidence, SERVED);
    Association association =
        wire.host()
            .connect(
                wire.options()
                    .keepAliveTimeoutMs(1000)
                    .adminTimeoutMs(1500)
                    .connectTimeoutMs(500)
                    .build());
    RandomMix mix = new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed());
    mix.run(16, 100);
    wire.proxy().hole(true);
    wire.proxy().refuse(true);
    CompletableFuture<RandomMix> during =
        CompletableFuture.supplyAsync(() -> mix.run(16, 100)); // under way in the hole
    Waiting.until("the host notices", () -> association.state() == AssociationState.RECONNECTING);
    Waiting.until("the target notices", () -> wire.target().target().connections() == 0);
    wire.proxy().cutAll(Act.RESET);
    wire.proxy().hole(false);
    wire.proxy().refuse(false);
    Waiting.get(during);
    mix.run(16, 100).verify();
    assertThat(mix.failures()).isZero();
    wire.assertNothingLeft();
  }

  @Test
  void aCommandThatIsNeverAnsweredEndsByItsTimeout() throws Exception {
    FaultyWire wire = new FaultyWire(evidence, SERVED);
    Association association =
        wire.host().connect(wire.options().ioTimeoutMs(1500).keepAliveTimeoutMs(60_000).build());
    RandomMix mix =
        new RandomMix(association.namespace(1), 0, BLOCKS, evidence.seed()).allowFailures();
    for (int pdu : new int[] {PduType.CAPSULE_CMD, PduType.H2C_DATA}) {
      int failures = mix.failures();
      wire.proxy().arm(new Fault(Way.TO_TARGET, pdu, 5, 40, Act.HOLE));
      mix.run(16, () -> mix.failures() > failures);
      Waiting.until("live again", () -> association.state() == AssociationState.LIVE);
    }
    int failed = mix.failures();
    mix.run(16, 200).verify();
    assertThat(mix.failures()).isEqualTo(failed);
    wire.assertNothingLeft();
  }

  @Covers("bound.data")
  @Test
  void aHostThatReadsSlowlyHoldsNobodyElseUp() throws Exception {
    FaultyWire wire = new FaultyWire(evidence, SERVED);
    RemoteNamespace slow =
        wire.host()
            .connect(wire.options().keepAliveTimeoutMs(0).ioTimeoutMs(120_000).build())
            .namespace(1);
    RemoteNamespace quick = wire.host().namespace(wire.target().address());
    wire.proxy().slowHost(256 << 10);
    int blocks = (128 << 10) / BLOCK;
    List<CompletableFuture<?>> reads = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(blocks * BLOCK);
      reads.add(slow.read(2048, blocks, buffer).toCompletableFuture());
    }
    new RandomMix(quick, 0, BLOCKS, evidence.seed()).run(32, 500).verify();
    assertThat(reads).anyMatch(read -> !read.isDone());
    wire.proxy().slowHost(0);
    reads.forEach(Waiting::get);
    wire.assertNothingLeft();
  }

  @Covers("bound.silent")
  @Test
  void aHalfIcReqIsNotWaitedForLongerThanTheHandshakeTimeout() throws Exception {
    LimitsSpec d = LimitsSpec.DEFAULT;
    FaultyWire wire =
        new FaultyWire(evidence, SERVED.with(d.withHandshakeTimeout(Duration.ofMillis(300))));
    ByteBuf icReq = Unpooled.buffer(IcReqPdu.LENGTH);
    IcReqPdu.write(icReq, 0, 0, 0, 0);
    try (Socket silent = connect(wire);
        Socket half = connect(wire);
        Socket whole = connect(wire)) {
      half.getOutputStream().write(icReq.array(), 0, 60);
      whole.getOutputStream().write(icReq.array(), 0, IcReqPdu.LENGTH);
      assertThat(silent.getInputStream().readAllBytes()).isEmpty();
      assertThat(half.getInputStream().readAllBytes()).isEmpty();
      assertThat(whole.getInputStream().readAllBytes()).hasSize(IcReqPdu.LENGTH);
    }
    wire.assertNothingLeft();
  }

  private static Socket connect(FaultyWire wire) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), wire.target().port());
    socket.setSoTimeout((int) Waiting.LIMIT_SECONDS * 1000);
    return socket;
  }
}
