package io.mora.initiator.queue;

import io.mora.protocol.BufferCopy;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.net.HeaderSlab;
import io.mora.protocol.net.LoopMemory;
import io.mora.protocol.net.SendQueue;
import io.mora.protocol.net.tls.TlsStage;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.Digest;
import io.mora.protocol.pdu.H2cDataPdu;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.pdu.PduType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Writes a connection's PDUs into slabs of the loop; large data goes between, uncopied. */
final class CapsuleWriter {
  private final Channel channel;
  private final LoopMemory memory;
  private final SendQueue queue;
  private final boolean headerDigest;
  private final boolean dataDigest;
  private final Digest digest = new Digest();
  private @Nullable HeaderSlab slab;

  CapsuleWriter(Channel channel, LoopMemory memory, boolean headerDigest, boolean dataDigest) {
    this.channel = channel;
    this.memory = memory;
    SendQueue.Listener nothing = () -> {};
    this.queue =
        TlsStage.isOn(channel)
            ? SendQueue.byChannel(channel, nothing)
            : new SendQueue(channel, nothing);
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
    int at = room(plen);
    ByteBuf buf = buffer();
    int flags = flags(digested);
    CommonHeader.write(
        buf, at, PduType.CAPSULE_CMD | flags << 8, CapsuleCmdPdu.LENGTH, inside ? pdo : 0, plen);
    int sqe = at + CapsuleCmdPdu.SQE;
    BufferCopy.copy(command.sqe(), 0, buf, sqe, Sqe.LENGTH);
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
    advance(plen);
  }

  /** Writes an H2CData PDU with the next bytes of a command's data. */
  void h2cData(PendingCommand command, int length, boolean last) {
    int pdo = CommonHeader.dataOffset(H2cDataPdu.LENGTH, headerDigest, 4);
    int plen = pdo + length + (dataDigest ? Digest.LENGTH : 0);
    int flags = flags(dataDigest) | (last ? CommonHeader.LAST_PDU : 0);
    int at = room(pdo);
    ByteBuf buf = buffer();
    CommonHeader.write(buf, at, PduType.H2C_DATA | flags << 8, H2cDataPdu.LENGTH, pdo, plen);
    H2cDataPdu.writeFields(buf, at, command.cid, command.data.ttag, command.data.sent, length);
    if (headerDigest) {
      digest.append(buf, at, H2cDataPdu.LENGTH);
    }
    advance(pdo);
    ByteBuf data = command.data.next(length);
    queue.add(data, 0, 0, length);
    if (dataDigest) {
      int tail = room(Digest.LENGTH);
      buffer().setIntLE(tail, digest.of(data, 0, length));
      advance(Digest.LENGTH);
    }
  }

  /** Bytes written since the last flush. */
  long bytes() {
    return queue.bytes();
  }

  /** Hands everything written to the socket. */
  void flush() {
    HeaderSlab used = slab;
    slab = null;
    queue.flush(memory);
    while (used != null) {
      HeaderSlab next = used.next;
      memory.give(used);
      used = next;
    }
  }

  private int flags(boolean digested) {
    return (headerDigest ? CommonHeader.HDGSTF : 0) | (digested ? CommonHeader.DDGSTF : 0);
  }

  /** Makes room for a piece and returns where it goes. */
  private int room(int bytes) {
    HeaderSlab current = slab;
    if (current == null || current.used + bytes > current.buf.capacity()) {
      HeaderSlab before = current;
      current = memory.slab(channel.alloc(), bytes);
      current.next = before;
      slab = current;
    }
    return current.used;
  }

  private ByteBuf buffer() {
    return current().buf;
  }

  private HeaderSlab current() {
    HeaderSlab current = slab;
    if (current == null) {
      throw new IllegalStateException("no room was made");
    }
    return current;
  }

  private void advance(int bytes) {
    HeaderSlab current = current();
    queue.add(current.buf, current.address, current.used, bytes);
    current.used += bytes;
  }
}
