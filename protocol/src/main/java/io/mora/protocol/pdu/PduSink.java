package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Receives PDUs whose header is complete, checked and digest-verified, one method a type.
 *
 * <p>A PDU with data is followed by {@link #onData} calls, in order, adding up to its data length,
 * and one {@link #onDataEnd}. Buffers are borrowed for the call. A receiver overrides its half; the
 * framer never delivers the other.
 */
public interface PduSink {
  default void onIcReq(ByteBuf pdu, int at) throws PduException {
    throw new IllegalStateException("ICReq at a host");
  }

  default void onIcResp(ByteBuf pdu, int at) throws PduException {
    throw new IllegalStateException("ICResp at a controller");
  }

  /**
   * @param copyLength bytes of offending header that follow the 24
   */
  void onTermReq(ByteBuf pdu, int at, int copyLength);

  /**
   * @param dataLength in-capsule bytes to follow, 0 for none
   */
  default void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) throws PduException {
    throw new IllegalStateException("CapsuleCmd at a host");
  }

  default void onCapsuleResp(ByteBuf pdu, int at) throws PduException {
    throw new IllegalStateException("CapsuleResp at a controller");
  }

  default void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException {
    throw new IllegalStateException("H2CData at a host");
  }

  default void onC2hData(ByteBuf pdu, int at, int dataLength) throws PduException {
    throw new IllegalStateException("C2HData at a controller");
  }

  default void onR2t(ByteBuf pdu, int at) throws PduException {
    throw new IllegalStateException("R2T at a controller");
  }

  /** The next bytes of the data announced last. */
  void onData(ByteBuf buf, int at, int length) throws PduException;

  /**
   * The data announced last is complete.
   *
   * @param digestValid false if the data digest did not match; always true without one
   */
  void onDataEnd(boolean digestValid) throws PduException;

  /**
   * Asked before each chunk of data: false makes {@link PduFramer#accept} return with bytes left,
   * so that data never arrives before there is room for it.
   */
  default boolean wantsData() {
    return true;
  }

  /** Asked between PDUs: false makes {@link PduFramer#accept} return with bytes left. */
  default boolean wantsMore() {
    return true;
  }
}
