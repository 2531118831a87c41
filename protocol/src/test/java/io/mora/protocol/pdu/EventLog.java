package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a framer delivers, data joined, and holds it to its promises. */
final class EventLog implements PduSink {
  final List<String> events = new ArrayList<>();
  private final StringBuilder data = new StringBuilder();
  private long expected = -1;
  private long dataBytes;

  private void pdu(String what, ByteBuf pdu, int at, int length, int dataLength) {
    if (expected >= 0) {
      throw new AssertionError("a PDU within the data of another");
    }
    events.add(what + " " + ByteBufUtil.hexDump(pdu, at, length) + " +" + dataLength);
    expected = dataLength > 0 ? dataLength : -1;
    dataBytes = 0;
  }

  @Override
  public void onIcReq(ByteBuf pdu, int at) {
    pdu("ICReq", pdu, at, IcReqPdu.LENGTH, 0);
  }

  @Override
  public void onIcResp(ByteBuf pdu, int at) {
    pdu("ICResp", pdu, at, IcRespPdu.LENGTH, 0);
  }

  @Override
  public void onTermReq(ByteBuf pdu, int at, int copyLength) {
    pdu("TermReq", pdu, at, TermReqPdu.HEADER_LENGTH + copyLength, 0);
  }

  @Override
  public void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) {
    pdu("CapsuleCmd", pdu, at, CapsuleCmdPdu.LENGTH, dataLength);
  }

  @Override
  public void onCapsuleResp(ByteBuf pdu, int at) {
    pdu("CapsuleResp", pdu, at, CapsuleRespPdu.LENGTH, 0);
  }

  @Override
  public void onH2cData(ByteBuf pdu, int at, int dataLength) {
    pdu("H2CData", pdu, at, H2cDataPdu.LENGTH, dataLength);
  }

  @Override
  public void onC2hData(ByteBuf pdu, int at, int dataLength) {
    pdu("C2HData", pdu, at, C2hDataPdu.LENGTH, dataLength);
  }

  @Override
  public void onR2t(ByteBuf pdu, int at) {
    pdu("R2T", pdu, at, R2tPdu.LENGTH, 0);
  }

  @Override
  public void onData(ByteBuf buf, int at, int length) {
    dataBytes += length;
    if (length <= 0 || dataBytes > expected) {
      throw new AssertionError("data: " + dataBytes + " of " + expected);
    }
    data.append(ByteBufUtil.hexDump(buf, at, length));
  }

  @Override
  public void onDataEnd(boolean digestValid) {
    if (dataBytes != expected) {
      throw new AssertionError("data ends: " + dataBytes + " of " + expected);
    }
    events.add("data " + data + " " + digestValid);
    data.setLength(0);
    expected = -1;
  }
}
