package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Cuts a byte stream into PDUs: header, verify, deliver, data.
 *
 * <p>One a connection, on its loop's thread.
 */
public final class PduFramer {
  /** First byte of TLS, which is no TYPE. */
  private static final int TLS_RECORD = 0x16;

  /*
   * Data is never gathered: chunks go to the sink as they arrive, so a connection's own memory is
   * one header, whatever PLEN claims. A header that lies whole in the input is read in place, only
   * one that is split across reads is copied together. Checks run in the order of the fields,
   * because FEI names the lowest-numbered bad one.
   */
  private static final int HEADER = 0;
  private static final int PAD = 1;
  private static final int DATA = 2;
  private static final int DATA_DIGEST = 3;

  /** Longest thing ever gathered: a TermReq with its copy; every other header is shorter. */
  private static final int GATHER_MAX = TermReqPdu.LENGTH_MAX;

  private final boolean controller;
  private final PduLimits limits;
  private final PduSink sink;
  private final Digest digest = new Digest();
  private final ByteBuf gathered = Unpooled.buffer(GATHER_MAX, GATHER_MAX);

  private boolean headerDigest;
  private boolean dataDigest;
  private boolean initialised;

  private int phase = HEADER;
  private int padLeft;
  private int dataLeft;
  private int received;
  private int receivedBytes;

  private PduFramer(boolean controller, PduLimits limits, PduSink sink) {
    this.controller = controller;
    this.limits = limits;
    this.sink = sink;
  }

  /** A framer for the controller's end: accepts ICReq first, then CapsuleCmd and H2CData. */
  public static PduFramer forController(PduLimits limits, PduSink sink) {
    return new PduFramer(true, limits, sink);
  }

  /** A framer for the host's end: accepts ICResp first, then CapsuleResp, C2HData and R2T. */
  public static PduFramer forHost(PduLimits limits, PduSink sink) {
    return new PduFramer(false, limits, sink);
  }

  /** Sets the digests negotiated by the ICReq/ICResp exchange: they apply from the next PDU on. */
  public void digests(boolean header, boolean data) {
    headerDigest = header;
    dataDigest = data;
  }

  /**
   * Takes readable bytes from the input until it is empty or the sink wants no more for now.
   *
   * @throws PduException when the stream breaks the protocol; the framer must not be used again
   */
  public void accept(ByteBuf in) throws PduException {
    boolean progress = true;
    while (progress && in.isReadable()) {
      progress =
          switch (phase) {
            case HEADER -> (gathered.isReadable() || sink.wantsMore()) && header(in);
            case PAD -> pad(in);
            case DATA -> sink.wantsData() && data(in);
            default -> dataDigest(in);
          };
    }
  }

  /** True between PDUs: a connection that ends here ended cleanly. */
  public boolean isIdle() {
    return phase == HEADER && !gathered.isReadable();
  }

  /** Bytes of the PDU's data that have yet to come; 0 outside of data. */
  public int awaitedBytes() {
    return phase == DATA ? dataLeft : 0;
  }

  private boolean header(ByteBuf in) throws PduException {
    if (!gathered.isReadable() && in.readableBytes() >= CommonHeader.LENGTH) {
      int at = in.readerIndex();
      int need = verifyCommon(in, at);
      if (in.readableBytes() >= need) {
        in.skipBytes(need);
        deliver(in, at);
        return true;
      }
    }
    return gather(in);
  }

  private boolean gather(ByteBuf in) throws PduException {
    if (gathered.readableBytes() < CommonHeader.LENGTH) {
      move(in, CommonHeader.LENGTH - gathered.readableBytes());
      if (gathered.readableBytes() < CommonHeader.LENGTH) {
        return false;
      }
    }
    int need = verifyCommon(gathered, 0);
    move(in, need - gathered.readableBytes());
    if (gathered.readableBytes() < need) {
      return false;
    }
    deliver(gathered, 0);
    gathered.clear();
    return true;
  }

  private void move(ByteBuf in, int want) {
    int n = Math.min(want, in.readableBytes());
    in.readBytes(gathered, n);
  }

  /** Checks the first eight bytes; returns the bytes to have before the PDU is delivered. */
  private int verifyCommon(ByteBuf buf, int at) throws PduException {
    try {
      return verifyFields(buf, at);
    } catch (PduException e) {
      throw e.withHeader(buf, at, Math.min(buf.writerIndex() - at, TermReqPdu.COPY_MAX));
    }
  }

  private int verifyFields(ByteBuf buf, int at) throws PduException {
    int type = CommonHeader.type(buf, at);
    if (!PduType.isKnown(type) || PduType.isToController(type) != controller) {
      throw PduException.field(
          CommonHeader.TYPE,
          "TYPE "
              + type
              + (type == TLS_RECORD
                  ? " is that of a TLS record, and there is no TLS"
                  : " not accepted")
              + " here");
    }
    verifySequence(type);
    int flags = CommonHeader.flags(buf, at);
    int allowed = PduType.allowedFlags(type, headerDigest, dataDigest);
    boolean digested = initialised && !PduType.isTermReq(type);
    if ((flags & ~allowed) != 0
        || (digested && headerDigest != ((flags & CommonHeader.HDGSTF) != 0))
        || (flags & CommonHeader.SUCCESS) != 0 && (flags & CommonHeader.LAST_PDU) == 0) {
      throw PduException.field(CommonHeader.FLAGS, "FLAGS " + flags + ", allowed " + allowed);
    }
    int hlen = CommonHeader.hlen(buf, at);
    if (hlen != PduType.headerLength(type)) {
      throw PduException.field(CommonHeader.HLEN, "HLEN " + hlen + " of " + PduType.name(type));
    }
    if (PduType.isTermReq(type)) {
      return verifyTermReq(buf, at);
    }
    int end = hlen + (headerDigest && digested ? Digest.LENGTH : 0);
    verifyLengths(buf, at, type, end);
    return end;
  }

  private void verifySequence(int type) throws PduException {
    if (!initialised && !PduType.isInitialisation(type) && !PduType.isTermReq(type)) {
      throw PduException.sequence(PduType.name(type) + " before the connection is initialised");
    }
    if (initialised && PduType.isInitialisation(type)) {
      throw PduException.sequence("a second " + PduType.name(type));
    }
  }

  private int verifyTermReq(ByteBuf buf, int at) throws PduException {
    long plen = CommonHeader.plen(buf, at);
    if (CommonHeader.pdo(buf, at) != 0) {
      throw PduException.field(CommonHeader.PDO, "PDO in a TermReq");
    }
    if (plen < TermReqPdu.HEADER_LENGTH || plen > TermReqPdu.LENGTH_MAX) {
      throw PduException.field(CommonHeader.PLEN, "PLEN " + plen + " of a TermReq, 24 to 152");
    }
    return (int) plen;
  }

  private void verifyLengths(ByteBuf buf, int at, int type, int end) throws PduException {
    int pdo = CommonHeader.pdo(buf, at);
    long plen = CommonHeader.plen(buf, at);
    boolean data = plen != end;
    if (!PduType.mayCarryData(type)) {
      if (pdo != 0) {
        throw PduException.field(CommonHeader.PDO, "PDO " + pdo + " without data");
      }
      if (data) {
        throw PduException.field(CommonHeader.PLEN, "PLEN " + plen + ", expected " + end);
      }
      return;
    }
    boolean digested = (CommonHeader.flags(buf, at) & CommonHeader.DDGSTF) != 0;
    if (dataDigest && digested != data) {
      throw PduException.field(CommonHeader.FLAGS, "DDGSTF does not match the data");
    }
    if (data ? pdo < end || pdo % limits.alignmentBytes() != 0 || pdo > plen : pdo != 0) {
      throw PduException.field(CommonHeader.PDO, "PDO " + pdo + " with PLEN " + plen);
    }
    long length = data ? plen - pdo - (digested ? Digest.LENGTH : 0) : 0;
    // H2CData and C2HData limits are judged by DATAL once the header is complete.
    if (data && length <= 0 || type == PduType.CAPSULE_CMD && length > limits.inCapsuleMax()) {
      throw PduException.field(CommonHeader.PLEN, "PLEN " + plen + " of " + PduType.name(type));
    }
    padLeft = data ? pdo - end : 0;
    dataLeft = (int) Math.min(length, Integer.MAX_VALUE);
  }

  /** The header is complete: digest, then the type's own method. */
  private void deliver(ByteBuf buf, int at) throws PduException {
    int type = CommonHeader.type(buf, at);
    int hlen = CommonHeader.hlen(buf, at);
    try {
      if (headerDigest && initialised && !PduType.isTermReq(type)) {
        int got = buf.getIntLE(at + hlen);
        if (got != digest.of(buf, at, hlen)) {
          String text = "of " + PduType.name(type);
          throw new PduException(FatalErrorStatus.HEADER_DIGEST_ERROR, got, text);
        }
      }
      dispatch(buf, at, type);
    } catch (PduException e) {
      throw e.withHeader(buf, at, hlen);
    }
  }

  private void dispatch(ByteBuf buf, int at, int type) throws PduException {
    int length = PduType.mayCarryData(type) ? dataLeft : 0;
    switch (type) {
      case PduType.IC_REQ -> {
        initialised = true;
        sink.onIcReq(buf, at);
      }
      case PduType.IC_RESP -> {
        initialised = true;
        sink.onIcResp(buf, at);
      }
      case PduType.CAPSULE_CMD -> sink.onCapsuleCmd(buf, at, length);
      case PduType.CAPSULE_RESP -> sink.onCapsuleResp(buf, at);
      case PduType.R2T -> sink.onR2t(buf, at);
      case PduType.H2C_DATA -> {
        verifyData(H2cDataPdu.dataLength(buf, at));
        sink.onH2cData(buf, at, length);
      }
      case PduType.C2H_DATA -> {
        verifyData(C2hDataPdu.dataLength(buf, at));
        sink.onC2hData(buf, at, length);
      }
      default -> {
        int plen = (int) CommonHeader.plen(buf, at);
        sink.onTermReq(buf, at, plen - TermReqPdu.HEADER_LENGTH);
        return;
      }
    }
    if (length > 0) {
      phase = padLeft > 0 ? PAD : DATA;
      digest.reset();
    }
  }

  private void verifyData(long datal) throws PduException {
    if (datal > limits.dataMax()) {
      String text = "DATAL " + datal + ", at most " + limits.dataMax();
      throw new PduException(FatalErrorStatus.LIMIT_EXCEEDED, 0, text);
    }
    if (datal != dataLeft || datal == 0) {
      throw PduException.field(H2cDataPdu.DATAL, "DATAL " + datal + ", PLEN says " + dataLeft);
    }
  }

  private boolean pad(ByteBuf in) {
    int n = Math.min(padLeft, in.readableBytes());
    in.skipBytes(n);
    padLeft -= n;
    if (padLeft == 0) {
      phase = DATA;
    }
    return true;
  }

  private boolean data(ByteBuf in) throws PduException {
    int n = Math.min(dataLeft, in.readableBytes());
    int at = in.readerIndex();
    if (dataDigest) {
      digest.update(in, at, n);
    }
    in.skipBytes(n);
    dataLeft -= n;
    sink.onData(in, at, n);
    if (dataLeft == 0) {
      if (dataDigest) {
        phase = DATA_DIGEST;
        received = 0;
        receivedBytes = 0;
      } else {
        phase = HEADER;
        sink.onDataEnd(true);
      }
    }
    return true;
  }

  private boolean dataDigest(ByteBuf in) throws PduException {
    while (receivedBytes < Digest.LENGTH && in.isReadable()) {
      received |= in.readUnsignedByte() << receivedBytes * 8;
      receivedBytes++;
    }
    if (receivedBytes == Digest.LENGTH) {
      phase = HEADER;
      sink.onDataEnd(received == digest.value());
    }
    return true;
  }
}
