package io.mora.target.transport;

import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.PduException;
import io.netty.buffer.ByteBuf;

/** What a target takes of an ICReq. */
final class IcReqCheck {
  private IcReqCheck() {}

  /** DGST, where that and all else is as it must be. */
  static int digests(ByteBuf pdu, int at) throws PduException {
    int pfv = IcReqPdu.pfv(pdu, at);
    if (pfv != 0) {
      throw new PduException(
          FatalErrorStatus.UNSUPPORTED_PARAMETER, IcReqPdu.PFV, "PFV " + pfv + ", only 0");
    }
    int hpda = IcReqPdu.hpda(pdu, at);
    if (hpda > IcReqPdu.PDA_MAX) {
      throw PduException.field(IcReqPdu.HPDA, "HPDA " + hpda + ", at most 31");
    }
    int dgst = IcReqPdu.dgst(pdu, at);
    if ((dgst & ~(IcReqPdu.HEADER_DIGEST | IcReqPdu.DATA_DIGEST)) != 0) {
      throw PduException.field(IcReqPdu.DGST, "DGST " + dgst + ", at most 3");
    }
    return dgst;
  }
}
