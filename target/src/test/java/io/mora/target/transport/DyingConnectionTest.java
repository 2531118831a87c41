package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.pdu.PduException;
import io.mora.qos.ArrivalOrder;
import io.mora.qos.ClassScheduler;
import io.mora.qos.SchedulerOptions;
import io.mora.target.cache.HotTier;
import io.mora.target.controller.Associations;
import io.mora.target.controller.auth.Authenticator;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.Limits;
import io.mora.target.controller.queue.QueueOwner;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.shard.Admission;
import io.mora.target.shard.AlignedBufferPool;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostAccess;
import io.mora.target.subsystem.HostGrants;
import io.mora.target.subsystem.HostMemory;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.Subsystem;
import io.mora.target.subsystem.SubsystemRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a connection leaves behind that ends with replies unsent and commands waiting. */
class DyingConnectionTest implements QueueOwner, CommandSet {
  private static final int BYTES = 64 << 10;

  /** One command's buffer is all a queue pair may have. */
  private static final Limits LIMITS = new Limits(4, 128, 8192, BYTES, BYTES, BYTES, BYTES, 0, 16);

  private final IoLoop loop = IoLoop.start(TransportKind.NIO, LoopOptions.DEFAULT, Thread::new);
  private final AlignedBufferPool buffers = new AlignedBufferPool(2 << 20, () -> {});
  private final Shard shard = new Shard(0, loop, buffers, new AlignedBufferPool(2 << 20, () -> {}));
  private ShardTurn turn =
      new ShardTurn(shard, new ArrivalOrder(4), (opcode, queued, device, total) -> {});
  private int needs = DATA_TO_HOST;
  private int drained;

  @AfterEach
  void stop() throws InterruptedException {
    loop.shutdown(10_000);
  }

  private TcpConnection connection(EmbeddedChannel channel) {
    Port port = new Port(1, "127.0.0.1", 4420, false, Set.of());
    HostGrants grants = new HostGrants(IntentSpec.DEFAULT, HotTier.off(), List.of(), 1, 0);
    SubsystemRegistry registry = new SubsystemRegistry(List.of(), List.of(port), List.of());
    Associations associations =
        new Associations(
            registry,
            LIMITS,
            List.of(turn),
            grants,
            new Authenticator(List.of(), LimitsSpec.DEFAULT),
            (controller, qid, on) -> this);
    PortSettings settings = new PortSettings(port, LIMITS, 1 << 20, 10_000);
    return new TcpConnection(channel, turn, settings, associations, null, null);
  }

  private static Subsystem served() {
    return new Subsystem(
        new Nqn("nqn.2026-01.io.mora:dying"),
        new Subsystem.Identity("1", "Mora", "1"),
        false,
        SubsystemPolicy.DEFAULT,
        HostAccess.ANY,
        new NamespaceTable(List.of()));
  }

  /** The buffer of a reply that is never sent must not let a write ask a host that is gone. */
  @Test
  void noMemoryIsLeft() throws PduException {
    UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, true);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(memory);
    TcpConnection connection = connection(channel);
    channel.pipeline().addLast(connection);
    QueuePair pair =
        new QueuePair(this, new QueuePair.Shape(1, 16, false), turn, connection.sink(), this);
    connection.serve(pair, served());
    command(pair, 1);
    needs = DATA_FROM_HOST;
    command(pair, 2);
    assertThat(pair.inFlight()).as("the write waits for the buffer of the read").isEqualTo(1);
    channel.close();
    assertThat(memory.metric().usedDirectMemory()).isZero();
    assertThat(buffers.lentBytes()).isZero();
    assertThat(drained).isEqualTo(1);
    assertThat(channel.finishAndReleaseAll()).as("nothing was said").isFalse();
  }

  /** Who broke the protocol and goes on sending must not keep the turn's end from coming. */
  @Test
  void whatIsThrownAwayIsReadByTurnsToo() {
    Admission admission = new Admission(SchedulerOptions.ADMISSION, 1 << 20, afterNs -> {}, 0);
    turn =
        new ShardTurn(
            shard,
            new ClassScheduler(SchedulerOptions.DEVICES),
            admission,
            (opcode, queued, device, total) -> {});
    EmbeddedChannel channel =
        new EmbeddedChannel() {
          @Override
          protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
          }
        };
    channel.pipeline().addLast(connection(channel));
    ByteBuf garbage = Unpooled.buffer(1 << 20).writeZero(1 << 20);
    channel.writeInbound(garbage.retainedDuplicate());
    assertThat(channel.config().isAutoRead()).as("to see the host close").isTrue();
    for (int i = 0; i < 16; i++) {
      channel.writeInbound(garbage.retainedDuplicate());
    }
    assertThat(channel.config().isAutoRead()).as("16 MiB in a turn").isFalse();
    turn.endOfTurn();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(garbage.refCnt()).as("thrown away").isEqualTo(1);
    channel.finishAndReleaseAll();
  }

  private static void command(QueuePair pair, int cid) throws PduException {
    ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH);
    Sqe.start(sqe, 0, 0x02, cid, 1);
    pair.onCapsuleCmd(sqe, 0, 0);
  }

  @Override
  public HostMemory memory(QueuePair queuePair) {
    return HostMemory.unbounded(queuePair.turn().shard());
  }

  @Override
  public Limits limits() {
    return LIMITS;
  }

  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    throw new AssertionError("nothing fails: " + slot);
  }

  @Override
  public void queueDrained(QueuePair queuePair) {
    drained++;
  }

  @Override
  public int init(CommandSlot slot) {
    slot.dataLength = BYTES;
    return needs;
  }

  @Override
  public void execute(CommandSlot slot) {
    slot.queuePair.finish(slot, slot.buffer, slot.dataLength);
  }

  @Override
  public void stepDone(CommandSlot slot, int status) {
    throw new AssertionError("there is no device: " + slot);
  }
}
