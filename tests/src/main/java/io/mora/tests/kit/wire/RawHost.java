package io.mora.tests.kit.wire;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host on one TCP connection, written against the wire reference and nothing else. It sends what
 * it is told and receives strictly: every PDU of the target is checked against section 1.
 *
 * <p>A wait ends after {@value #WAIT_MS} ms with an {@link AssertionError}.
 */
public final class RawHost implements AutoCloseable {
  private static final int WAIT_MS = 20_000;
  private static final int PLEN_MAX = 64 << 20;
  private static final int[] HEADER_LENGTHS = {0, 128, 0, 24, 0, 24, 0, 24, 0, 24};

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Deque<Received> unclaimed = new ArrayDeque<>();
  private boolean headerDigest;
  private boolean dataDigest;
  private int alignment = 4;
  private int nextCid = 1;
  private @Nullable Received icResp;

  private RawHost(InetSocketAddress address) throws IOException {
    socket = new Socket();
    socket.setSoTimeout(WAIT_MS);
    socket.setTcpNoDelay(true);
    socket.connect(address, WAIT_MS);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
  }

  /** Connects TCP and says nothing. */
  public static RawHost connect(InetSocketAddress address) {
    try {
      return new RawHost(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** ICReq and ICResp. */
  public RawHost initialise(int dgst, int hpda) {
    send(Capsules.icReq(dgst, hpda));
    Received reply = receive();
    expect(reply.type() == Received.ICRESP, "ICResp, got " + reply);
    headerDigest = (reply.u8(11) & 1) != 0;
    dataDigest = (reply.u8(11) & 2) != 0;
    alignment = (hpda + 1) * 4;
    icResp = reply;
    return this;
  }

  /** What the target answered to ICReq. */
  public Received icResp() {
    return Objects.requireNonNull(icResp);
  }

  public boolean headerDigest() {
    return headerDigest;
  }

  public boolean dataDigest() {
    return dataDigest;
  }

  public Socket socket() {
    return socket;
  }

  /** A CID not used before, of the lower half of the range. */
  public int cid() {
    nextCid = nextCid % 0x7FFF + 1;
    return nextCid;
  }

  // --- sending

  public void send(Frame frame) {
    sendBytes(encode(frame));
  }

  public byte[] encode(Frame frame) {
    return frame.encode(headerDigest, dataDigest);
  }

  public void sendBytes(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends all frames in one write. */
  public void sendTogether(Frame... frames) {
    byte[][] parts = Arrays.stream(frames).map(this::encode).toArray(byte[][]::new);
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    sendBytes(all.array());
  }

  // --- receiving

  /** The next PDU. */
  public Received receive() {
    Received first = unclaimed.poll();
    return first != null ? first : read();
  }

  /** True when some of what the target said can be read without a wait. */
  public boolean hasInput() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next PDU, or null when the target has ended the connection between two. */
  public @Nullable Received receiveOrEnd() {
    try {
      in.mark(1);
      if (in.read() < 0) {
        return null;
      }
      in.reset();
      return readPdu();
    } catch (SocketException e) {
      return null;
    } catch (IOException e) {
      throw new AssertionError("neither PDU nor end: " + e, e);
    }
  }

  private Received read() {
    try {
      return readPdu();
    } catch (IOException e) {
      throw new AssertionError("no PDU: " + e, e);
    }
  }

  private Received readPdu() throws IOException {
    byte[] common = in.readNBytes(8);
    if (common.length < 8) {
      throw new EOFException("connection closed after " + common.length + " bytes of a PDU");
    }
    int type = common[0] & 0xFF;
    int flags = common[1] & 0xFF;
    int hlen = common[2] & 0xFF;
    int pdo = common[3] & 0xFF;
    int plen = ByteBuffer.wrap(common).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
    expect(type < HEADER_LENGTHS.length && HEADER_LENGTHS[type] == hlen, "TYPE, HLEN of " + type);
    expect(plen >= hlen && plen <= PLEN_MAX, "PLEN " + plen + " of type " + type);
    boolean digested = headerDigest && type >= 4;
    expect((flags & 1) != 0 == digested, "HDGSTF, flags " + flags);
    byte[] header = Arrays.copyOf(common, hlen);
    in.readFully(header, 8, hlen - 8);
    int end = hlen;
    if (digested) {
      expect(Integer.reverseBytes(in.readInt()) == Frame.crc(header), "header digest");
      end += 4;
    }
    if (type == Received.TERM_REQ) {
      expect(flags == 0 && pdo == 0 && plen > 24 && plen <= 152, "TermReq of PLEN " + plen);
      return new Received(header, in.readNBytes(plen - hlen));
    }
    if (type != Received.C2H_DATA) {
      expect(pdo == 0 && plen == end && (flags & ~1) == 0, "no data, PLEN " + plen);
      return new Received(header, new byte[0]);
    }
    return new Received(header, readData(header, end));
  }

  private byte[] readData(byte[] header, int end) throws IOException {
    Received pdu = new Received(header, header);
    int flags = pdu.u8(1);
    int pdo = pdu.pdo();
    expect((flags & ~0xF) == 0 && (!pdu.isSuccess() || pdu.isLast()), "flags " + flags);
    expect((flags & 2) != 0 == dataDigest, "DDGSTF, flags " + flags);
    expect(pdo == (end + alignment - 1) / alignment * alignment, "PDO " + pdo);
    int length = pdu.u32(4) - pdo - (dataDigest ? 4 : 0);
    expect(length > 0 && length == pdu.u32(16), "DATAL " + pdu.u32(16) + ", PLEN says " + length);
    expect(pdu.u16(10) == 0 && pdu.u32(20) == 0, "reserved fields of C2HData");
    for (byte pad : in.readNBytes(pdo - end)) {
      expect(pad == 0, "pad of zeroes");
    }
    byte[] data = new byte[length];
    in.readFully(data);
    if (dataDigest) {
      expect(Integer.reverseBytes(in.readInt()) == Frame.crc(data), "data digest");
    }
    return data;
  }

  /** PDUs that came and that nobody has asked for. */
  public int unclaimed() {
    return unclaimed.size();
  }

  /** The next PDU that belongs to a command; others are kept for later. */
  public Received receive(int cid) {
    for (Received pdu : unclaimed) {
      if (pdu.cid() == cid) {
        unclaimed.remove(pdu);
        return pdu;
      }
    }
    while (true) {
      Received pdu = read();
      if (pdu.cid() == cid && pdu.type() != Received.TERM_REQ) {
        return pdu;
      }
      expect(pdu.type() != Received.TERM_REQ, "no TermReq, got " + pdu);
      unclaimed.addLast(pdu);
    }
  }

  /**
   * The target says TermReq (what it said before that is passed over), half-closes, waits for us.
   */
  public Received receiveTermReq() {
    Received pdu = receive();
    while (pdu.type() != Received.TERM_REQ) {
      pdu = receive();
    }
    expect(isAtEnd(), "end of stream after TermReq");
    return pdu;
  }

  /** True when the target has closed its side; bytes before that fail. */
  public boolean isAtEnd() {
    try {
      int got = in.read();
      expect(got < 0, "end of stream, got a byte " + got);
      return true;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError("connection still open: " + e, e);
    }
  }

  // --- whole commands

  /** Sends a command and waits for its end; data to the host is put together by offset. */
  public Outcome run(Frame command) {
    send(command);
    return outcome(command.cid());
  }

  /** Waits for the end of a command that brings data or none. */
  public Outcome outcome(int cid) {
    byte[] data = new byte[0];
    boolean last = false;
    while (true) {
      Received pdu = receive(cid);
      if (pdu.type() == Received.CAPSULE_RESP) {
        expect(data.length == 0 || last || pdu.code() != 0, "LAST_PDU before success");
        return new Outcome(pdu.code(), pdu.doNotRetry(), pdu.result(), data);
      }
      expect(pdu.type() == Received.C2H_DATA && !last, "C2HData or CapsuleResp, got " + pdu);
      expect(pdu.u32(12) == data.length, "DATAO without gap: " + pdu + " after " + data.length);
      int have = data.length;
      data = Arrays.copyOf(data, have + pdu.data().length);
      System.arraycopy(pdu.data(), 0, data, have, pdu.data().length);
      last = pdu.isLast();
      if (pdu.isSuccess()) {
        return new Outcome(0, false, 0, data);
      }
    }
  }

  /** Runs a write whose data is asked for by R2T. */
  public Outcome write(Frame command, byte[] data) {
    send(command);
    return writeOn(command.cid(), data);
  }

  /** Answers R2Ts until the command ends. */
  public Outcome writeOn(int cid, byte[] data) {
    int expected = 0;
    while (true) {
      Received pdu = receive(cid);
      if (pdu.type() == Received.CAPSULE_RESP) {
        return new Outcome(pdu.code(), pdu.doNotRetry(), pdu.result(), new byte[0]);
      }
      expect(pdu.type() == Received.R2T, "R2T or CapsuleResp, got " + pdu);
      int offset = pdu.u32(12);
      int length = pdu.u32(16);
      expect(offset == expected && length > 0 && offset + length <= data.length, "" + pdu);
      expected += length;
      answer(pdu, data, icResp().u32(12));
    }
  }

  /** Sends what an R2T asks for, in PDUs of at most {@code most} bytes. */
  public void answer(Received r2t, byte[] data, int most) {
    int offset = r2t.u32(12);
    int end = offset + r2t.u32(16);
    while (offset < end) {
      int n = Math.min(most, end - offset);
      Frame pdu =
          Capsules.h2cData(
              r2t.cid(), r2t.u16(10), offset, Arrays.copyOfRange(data, offset, offset + n));
      offset += n;
      send(offset == end ? pdu.flags(Capsules.LAST_PDU) : pdu);
    }
  }

  /** Ends the connection by RST, whatever is under way. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected " + what);
    }
  }
}
