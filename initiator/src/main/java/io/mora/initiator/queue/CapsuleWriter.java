package io.mora.initiator.queue;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.Digest;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.pdu.PduType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Writes a connection's PDUs into one buffer a turn; large data goes between, uncopied. */
final class CapsuleWriter {
  /** First size of a turn's buffer: some 200 reads, or a write of one block with its data. */
  private static final int TURN_BYTES = 16 * 1024;

  private final Channel channel;
  private final boolean headerDigest;
  private final boolean dataDigest;
  private final Digest digest = new Digest();
  private @Nullable ByteBuf out;
  private boolean unflushed;

  CapsuleWriter(Channel channel, boolean headerDigest, boolean dataDigest) {
    this.channel = channel;
    this.headerDigest = headerDigest;
    this.dataDigest = dataDigest;
  }

  /** Writes the command's capsule, with its data inside if that is at most {@code inCapsuleMax}. */
  void capsule(PendingCommand command, int inCapsuleMax) {
    boolean fabrics = command.opcode() == AdminOpcode.FABRICS;
    int max = fabrics ? PduLimits.ADMIN_IN_CAPSULE : inCapsuleMax;
    boolean inside = command.data.toController() && command.data.length() <= max;
    command.data.inCapsule = inside;
    int length = inside ? command.data.length() : 0;
    int pdo = CommonHeader.dataOffset(CapsuleCmdPdu.LENGTH, headerDigest, 4);
    boolean digested = inside && dataDigest;
    int plen = pdo + length + (digested ? Digest.LENGTH : 0);
    ByteBuf buf = room(plen);
    int at = buf.writerIndex();
    buf.writerIndex(at + plen);
    int flags = flags(digested);
    CommonHeader.write(
        buf, at, PduType.CAPSULE_CMD | flags << 8, CapsuleCmdPdu.LENGTH, inside ? pdo : 0, plen);
    int sqe = at + CapsuleCmdPdu.SQE;
    buf.setBytes(sqe, command.sqe(), 0, Sqe.LENGTH);
    Sqe.setCid(buf, sqe, command.cid);
    if (inside) {
      SglDescriptor.write(buf, sqe, length, SglDescriptor.IN_CAPSULE);
    } else if (command.data.length() > 0 || !fabrics) {
      SglDescriptor.write(buf, sqe, command.data.length(), SglDescriptor.TRANSPORT);
    }
    if (headerDigest) {
      digest.append(buf, at, CapsuleCmdPdu.LENGTH);
    }
    if (inside) {
      command.data.copyTo(buf, at + pdo);
      if (digested) {
        buf.setIntLE(at + pdo + length, digest.of(buf, at + pdo, length));
      }
    }
  }

  /** Writes an H2CData PDU with the next bytes of a command's data. */
  void h2cData(PendingCommand command, int length, boolean last) {
    int pdo = CommonHeader.dataOffset(H2cDataPdu.LENGTH, headerDigest, 4);
    int plen = pdo + length + (dataDigest ? Digest.LENGTH : 0);
    int flags = flags(dataDigest) | (last ? CommonHeader.LAST_PDU : 0);
    ByteBuf buf = room(pdo);
    int at = buf.writerIndex();
    buf.writerIndex(at + pdo);
    CommonHeader.write(buf, at, PduType.H2C_DATA | flags << 8, H2cDataPdu.LENGTH, pdo, plen);
    H2cDataPdu.writeFields(buf, at, command.cid, command.data.ttag, command.data.sent, length);
    if (headerDigest) {
      digest.append(buf, at, H2cDataPdu.LENGTH);
    }
    push();
    ByteBuf data = command.data.next(length);
    int value = dataDigest ? digest.of(data, data.readerIndex(), length) : 0;
    channel.write(data, channel.voidPromise());
    unflushed = true;
    if (dataDigest) {
      room(Digest.LENGTH).writeIntLE(value);
    }
  }

  /** Hands everything written to the socket. */
  void flush() {
    push();
    if (unflushed) {
      unflushed = false;
      channel.flush();
    }
  }

  /** Drops what was not pushed. */
  void release() {
    ByteBuf buf = out;
    out = null;
    if (buf != null) {
      buf.release();
    }
  }

  private int flags(boolean digested) {
    return (headerDigest ? CommonHeader.HDGSTF : 0) | (digested ? CommonHeader.DDGSTF : 0);
  }

  private ByteBuf room(int bytes) {
    ByteBuf buf = out;
    if (buf != null && buf.writableBytes() >= bytes) {
      return buf;
    }
    push();
    int size = Math.max(TURN_BYTES, bytes);
    buf = channel.alloc().directBuffer(size, size);
    out = buf;
    return buf;
  }

  private void push() {
    ByteBuf buf = out;
    if (buf != null) {
      out = null;
      channel.write(buf, channel.voidPromise());
      unflushed = true;
    }
  }
}
