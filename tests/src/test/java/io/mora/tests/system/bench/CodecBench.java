package io.mora.tests.system.bench;

import io.mora.protocol.command.Cqe;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.CapsuleRespPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.PduType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What writing and reading the layouts of a command costs, in a direct buffer as those of sockets
 * are; tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CodecBench {
  private static final int BLOCK_BYTES = 4096;
  private static final int PLACES = 64;
  private static final int STRIDE = 128;

  private final ByteBuf buf = ByteBufAllocator.DEFAULT.directBuffer(PLACES * STRIDE);
  private int next;

  @Setup
  public void setup() {
    for (int i = 0; i < PLACES; i++) {
      writeCapsule(i * STRIDE, i);
    }
  }

  @TearDown
  public void tearDown() {
    buf.release();
  }

  /** Another place each time, so that nothing is known of what was there. */
  private int place() {
    return (next++ & PLACES - 1) * STRIDE;
  }

  private void writeCapsule(int at, int cid) {
    CommonHeader.write(buf, at, PduType.CAPSULE_CMD, CapsuleCmdPdu.LENGTH, 0, CapsuleCmdPdu.LENGTH);
    int sqe = at + CapsuleCmdPdu.SQE;
    Sqe.start(buf, sqe, NvmOpcode.READ, cid, 1);
    SglDescriptor.write(buf, sqe, BLOCK_BYTES, SglDescriptor.TRANSPORT);
    ReadWrite.write(buf, sqe, cid * 8L, 1, 0);
    IntentCodec.write(
        buf, sqe, IntentCodec.cdw2(7, 500), IntentCodec.cdw3(7, IntentCodec.STEP, 0, 3));
  }

  /** Header, SQE, SGL, range and intent of a read: 72 bytes. */
  @Benchmark
  public ByteBuf capsuleWrite() {
    int at = place();
    writeCapsule(at, at & 0xFFFF);
    return buf;
  }

  /** The same fields read again. */
  @Benchmark
  public long capsuleRead() {
    int at = place();
    int sqe = at + CapsuleCmdPdu.SQE;
    long sum = CommonHeader.type(buf, at);
    sum ^= CommonHeader.flags(buf, at);
    sum ^= CommonHeader.hlen(buf, at) ^ CommonHeader.pdo(buf, at) ^ CommonHeader.plen(buf, at);
    sum ^= Sqe.opcode(buf, sqe) ^ Sqe.flags(buf, sqe) ^ Sqe.cid(buf, sqe) ^ Sqe.nsid(buf, sqe);
    sum ^= SglDescriptor.length(buf, sqe) ^ SglDescriptor.identifier(buf, sqe);
    sum ^= ReadWrite.slba(buf, sqe) ^ ReadWrite.nlb0(buf, sqe) ^ ReadWrite.cdw12(buf, sqe);
    return sum ^ intent(Sqe.cdw2(buf, sqe), Sqe.cdw3(buf, sqe));
  }

  /** What a command is for, from its two dwords. */
  @Benchmark
  public long intentRead() {
    int sqe = place() + CapsuleCmdPdu.SQE;
    return intent(Sqe.cdw2(buf, sqe), Sqe.cdw3(buf, sqe));
  }

  private static long intent(int cdw2, int cdw3) {
    long version = IntentCodec.version(cdw3);
    return version
        + IntentCodec.latencyClass(cdw3)
        + (cdw3 & IntentCodec.STEP)
        + IntentCodec.confidence(cdw3)
        + IntentCodec.affinity(cdw3)
        + IntentCodec.registration(cdw3)
        + IntentCodec.flow(cdw2)
        + IntentCodec.budgetUs(cdw2);
  }

  /** Header and CQE: 24 bytes. */
  @Benchmark
  public ByteBuf responseWrite() {
    int at = place();
    CapsuleRespPdu.writeHeader(buf, at, false);
    Cqe.write(buf, at + CapsuleRespPdu.CQE, at, at, at, 0);
    return buf;
  }

  /** The CQE's fields. */
  @Benchmark
  public long responseRead() {
    int cqe = place() + CapsuleRespPdu.CQE;
    long dw0 = Cqe.dw0(buf, cqe);
    return dw0 + Cqe.dw1(buf, cqe) + Cqe.sqhd(buf, cqe) + Cqe.cid(buf, cqe) + Cqe.status(buf, cqe);
  }

  /** Header of a data PDU to the host: 24 bytes. */
  @Benchmark
  public ByteBuf dataHeaderWrite() {
    int at = place();
    CommonHeader.write(
        buf,
        at,
        PduType.C2H_DATA | (CommonHeader.LAST_PDU | CommonHeader.SUCCESS) << 8,
        C2hDataPdu.LENGTH,
        C2hDataPdu.LENGTH,
        C2hDataPdu.LENGTH + BLOCK_BYTES);
    C2hDataPdu.writeFields(buf, at, at, 0, 0, BLOCK_BYTES);
    return buf;
  }

  /** Its fields. */
  @Benchmark
  public long dataHeaderRead() {
    int at = place();
    long cccid = C2hDataPdu.cccid(buf, at);
    return cccid
        + C2hDataPdu.ttag(buf, at)
        + C2hDataPdu.dataOffset(buf, at)
        + C2hDataPdu.dataLength(buf, at);
  }
}
