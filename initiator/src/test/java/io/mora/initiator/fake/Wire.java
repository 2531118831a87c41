package io.mora.initiator.fake;

import io.mora.protocol.command.Cqe;
import io.mora.protocol.pdu.C2hDataPdu;
import io.mora.protocol.pdu.CapsuleRespPdu;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.pdu.Digest;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.R2tPdu;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One accepted connection: reads whole PDUs, writes what it is told, also nonsense. */
public final class Wire {
  /** A PDU as it came: header without digest, and data. */
  public record Pdu(int type, int flags, ByteBuf header, ByteBuf data) {}

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final @Nullable Random fragments;
  private final Digest digest = new Digest();
  private final List<Pdu> received = new CopyOnWriteArrayList<>();

  public boolean headerDigest;
  public boolean dataDigest;

  /** 0 for the admin queue; -1 before Connect. */
  public volatile int qid = -1;

  Wire(Socket socket, @Nullable Random fragments) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.fragments = fragments;
    socket.setTcpNoDelay(true);
  }

  /** Every PDU read so far. */
  public List<Pdu> received() {
    return received;
  }

  @Nullable Pdu read() throws IOException {
    byte[] common = new byte[CommonHeader.LENGTH];
    try {
      in.readFully(common);
    } catch (EOFException e) {
      return null;
    }
    ByteBuf head = Unpooled.wrappedBuffer(common);
    int plen = (int) CommonHeader.plen(head, 0);
    byte[] all = Arrays.copyOf(common, plen);
    in.readFully(all, common.length, plen - common.length);
    ByteBuf pdu = Unpooled.wrappedBuffer(all);
    int hlen = CommonHeader.hlen(pdu, 0);
    int flags = CommonHeader.flags(pdu, 0);
    if ((flags & CommonHeader.HDGSTF) != 0 && pdu.getIntLE(hlen) != digest.of(pdu, 0, hlen)) {
      throw new IOException("the host's header digest is wrong");
    }
    int pdo = CommonHeader.pdo(pdu, 0);
    boolean term = PduType.name(CommonHeader.type(pdu, 0)).contains("TermReq");
    ByteBuf data = Unpooled.EMPTY_BUFFER;
    if (term) {
      data = pdu.slice(hlen, plen - hlen);
    } else if (pdo > 0) {
      boolean digested = (flags & CommonHeader.DDGSTF) != 0;
      data = pdu.slice(pdo, plen - pdo - (digested ? Digest.LENGTH : 0));
      if (digested != dataDigest
          || digested && pdu.getIntLE(plen - 4) != digest.of(data, 0, data.readableBytes())) {
        throw new IOException("the host's data digest is wrong");
      }
    }
    Pdu read = new Pdu(CommonHeader.type(pdu, 0), flags, pdu.slice(0, hlen), data);
    received.add(read);
    return read;
  }

  /** Writes bytes as they are, in random pieces if so asked. */
  public synchronized void bytes(ByteBuf buf) throws IOException {
    byte[] all = new byte[buf.readableBytes()];
    buf.getBytes(buf.readerIndex(), all);
    if (fragments == null) {
      out.write(all);
      out.flush();
      return;
    }
    int at = 0;
    while (at < all.length) {
      int n = Math.min(all.length - at, 1 + fragments.nextInt(fragments.nextBoolean() ? 7 : 3000));
      out.write(all, at, n);
      out.flush();
      at += n;
    }
  }

  /** A CapsuleResp. */
  public void respond(int cid, int status, long result) throws IOException {
    bytes(response(cid, status, result, 0));
  }

  public ByteBuf response(int cid, int status, long result, int sqhd) {
    ByteBuf buf = Unpooled.buffer(64);
    CapsuleRespPdu.writeHeader(buf, 0, headerDigest);
    Cqe.write(buf, CapsuleRespPdu.CQE, result, sqhd, cid, status);
    return sealed(buf, CapsuleRespPdu.LENGTH);
  }

  /** A C2HData PDU with data at an offset; flags are LAST_PDU and SUCCESS. */
  public ByteBuf c2hData(int cid, int offset, ByteBuf data, int flags) {
    int length = data.readableBytes();
    int pdo = CommonHeader.dataOffset(C2hDataPdu.LENGTH, headerDigest, 4);
    int plen = pdo + length + (dataDigest ? Digest.LENGTH : 0);
    ByteBuf buf = Unpooled.buffer(plen);
    int all =
        flags | (headerDigest ? CommonHeader.HDGSTF : 0) | (dataDigest ? CommonHeader.DDGSTF : 0);
    CommonHeader.write(buf, 0, PduType.C2H_DATA | all << 8, C2hDataPdu.LENGTH, pdo, plen);
    C2hDataPdu.writeFields(buf, 0, cid, 0, offset, length);
    if (headerDigest) {
      digest.append(buf, 0, C2hDataPdu.LENGTH);
    }
    buf.setBytes(pdo, data, data.readerIndex(), length);
    if (dataDigest) {
      buf.setIntLE(pdo + length, digest.of(buf, pdo, length));
    }
    return buf.writerIndex(plen);
  }

  public ByteBuf r2t(int cid, int ttag, int offset, int length) {
    ByteBuf buf = Unpooled.buffer(64);
    int flags = headerDigest ? CommonHeader.HDGSTF : 0;
    int plen = R2tPdu.LENGTH + (headerDigest ? Digest.LENGTH : 0);
    CommonHeader.write(buf, 0, PduType.R2T | flags << 8, R2tPdu.LENGTH, 0, plen);
    R2tPdu.writeFields(buf, 0, cid, ttag, offset, length);
    return sealed(buf, R2tPdu.LENGTH);
  }

  private ByteBuf sealed(ByteBuf buf, int hlen) {
    if (headerDigest) {
      digest.append(buf, 0, hlen);
      return buf.writerIndex(hlen + Digest.LENGTH);
    }
    return buf.writerIndex(hlen);
  }

  /** Several PDUs in one write. */
  public static ByteBuf join(ByteBuf... parts) {
    List<ByteBuf> list = new ArrayList<>(List.of(parts));
    return Unpooled.wrappedBuffer(list.toArray(ByteBuf[]::new));
  }

  /** Cuts the connection. */
  public void cut() throws IOException {
    socket.close();
  }
}
