package io.mora.initiator.queue;

import io.mora.protocol.command.Connect;

/**
 * What a successful Connect said.
 *
 * @param dw0 15:0 CNTLID, and whether authentication is required
 * @param flowDisabled SQ flow control is off, as asked
 */
public record ConnectReply(int dw0, boolean flowDisabled) {
  public int controllerId() {
    return dw0 & 0xFFFF;
  }

  public boolean authenticationRequired() {
    return (dw0 & (Connect.ATR | Connect.ASCR)) != 0;
  }
}
