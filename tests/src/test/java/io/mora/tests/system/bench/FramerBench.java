package io.mora.tests.system.bench;

import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.IcRespPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduFramer;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.pdu.PduSink;
import io.mora.protocol.pdu.PduType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a PDU costs to be cut out of a full receive buffer of 256 KiB: checked and delivered, its
 * data passed on and not copied. An operation is one PDU; tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class FramerBench {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int DATA_BYTES = 4096;
  private static final int WRITE_BYTES = CapsuleCmdPdu.LENGTH + DATA_BYTES;
  private static final int C2H_BYTES = C2hDataPdu.LENGTH + DATA_BYTES;
  private static final int COMMANDS = BUFFER_BYTES / CapsuleCmdPdu.LENGTH;
  private static final int WRITES = BUFFER_BYTES / WRITE_BYTES;
  private static final int REPLIES = BUFFER_BYTES / C2H_BYTES;
  private static final PduLimits LIMITS = new PduLimits(16 << 10, 1 << 20, 4);

  private final Counting sink = new Counting();
  private final PduFramer controller = PduFramer.forController(LIMITS, sink);
  private final PduFramer host = PduFramer.forHost(LIMITS, sink);
  private final ByteBuf commands = direct();
  private final ByteBuf writes = direct();
  private final ByteBuf replies = direct();

  /** Looks at what is delivered as little as can be. */
  private static final class Counting implements PduSink {
    long sum;

    @Override
    public void onIcReq(ByteBuf pdu, int at) {
      sum++;
    }

    @Override
    public void onIcResp(ByteBuf pdu, int at) {
      sum++;
    }

    @Override
    public void onTermReq(ByteBuf pdu, int at, int copyLength) {
      throw new IllegalStateException("no TermReq was sent");
    }

    @Override
    public void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) {
      sum += Sqe.cid(pdu, at + CapsuleCmdPdu.SQE);
    }

    @Override
    public void onC2hData(ByteBuf pdu, int at, int dataLength) {
      sum += C2hDataPdu.cccid(pdu, at);
    }

    @Override
    public void onData(ByteBuf buf, int at, int length) {
      sum += at + length;
    }

    @Override
    public void onDataEnd(boolean digestValid) {
      sum++;
    }
  }

  public FramerBench() {
    for (int i = 0; i < COMMANDS; i++) {
      capsule(commands, i * CapsuleCmdPdu.LENGTH, i, NvmOpcode.READ, 0);
    }
    for (int i = 0; i < WRITES; i++) {
      capsule(writes, i * WRITE_BYTES, i, NvmOpcode.WRITE, DATA_BYTES);
    }
    for (int i = 0; i < REPLIES; i++) {
      int at = i * C2H_BYTES;
      int flags = CommonHeader.LAST_PDU | CommonHeader.SUCCESS;
      int hlen = C2hDataPdu.LENGTH;
      CommonHeader.write(replies, at, PduType.C2H_DATA | flags << 8, hlen, hlen, C2H_BYTES);
      C2hDataPdu.writeFields(replies, at, i, 0, 0, DATA_BYTES);
    }
    ByteBuf begin = direct();
    try {
      IcReqPdu.write(begin, 0, 0, 0, 0);
      controller.accept(begin.setIndex(0, IcReqPdu.LENGTH));
      IcRespPdu.write(begin, 0, 0, 0, 1 << 20);
      host.accept(begin.setIndex(0, IcRespPdu.LENGTH));
    } catch (PduException e) {
      throw new IllegalStateException(e);
    } finally {
      begin.release();
    }
  }

  private static ByteBuf direct() {
    return ByteBufAllocator.DEFAULT.directBuffer(BUFFER_BYTES, BUFFER_BYTES);
  }

  private static void capsule(ByteBuf buf, int at, int cid, int opcode, int dataBytes) {
    int hlen = CapsuleCmdPdu.LENGTH;
    CommonHeader.write(
        buf, at, PduType.CAPSULE_CMD, hlen, dataBytes == 0 ? 0 : hlen, hlen + dataBytes);
    Sqe.start(buf, at + CapsuleCmdPdu.SQE, opcode, cid & 0xFFFF, 1);
    ReadWrite.write(buf, at + CapsuleCmdPdu.SQE, cid, 1, 0);
  }

  @TearDown
  public void tearDown() {
    commands.release();
    writes.release();
    replies.release();
  }

  private long accept(PduFramer framer, ByteBuf in, int bytes) throws PduException {
    framer.accept(in.setIndex(0, bytes));
    if (in.isReadable() || !framer.isIdle()) {
      throw new IllegalStateException("left " + in.readableBytes());
    }
    return sink.sum;
  }

  /** Command capsules without data, 72 bytes. */
  @Benchmark
  @OperationsPerInvocation(COMMANDS)
  public long commands() throws PduException {
    return accept(controller, commands, COMMANDS * CapsuleCmdPdu.LENGTH);
  }

  /** Command capsules with 4 KiB in them. */
  @Benchmark
  @OperationsPerInvocation(WRITES)
  public long writes() throws PduException {
    return accept(controller, writes, WRITES * WRITE_BYTES);
  }

  /** Data PDUs of 4 KiB at the host. */
  @Benchmark
  @OperationsPerInvocation(REPLIES)
  public long replies() throws PduException {
    return accept(host, replies, REPLIES * C2H_BYTES);
  }
}
