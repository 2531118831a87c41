package io.mora.protocol;

import io.mora.protocol.status.Status;
import io.mora.protocol.status.StatusCode;

/** The controller completed a command with a status other than success; the connection lives on. */
public final class CommandException extends NvmeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int opcode;
  private final int cid;
  private final long retryAfterNs;

  /**
   * @param status a packed {@link Status}
   * @param opcode the command's opcode, or 7Fh for any fabrics command
   * @param cid the command identifier, for finding it in a capture
   */
  public CommandException(int status, int opcode, int cid) {
    this(status, opcode, cid, 0);
  }

  /**
   * @param retryAfterNs after how long the controller says another try may be worth it; 0: it says
   *     nothing
   */
  public CommandException(int status, int opcode, int cid, long retryAfterNs) {
    super(describe(status, opcode, cid));
    this.status = status;
    this.opcode = opcode;
    this.cid = cid;
    this.retryAfterNs = retryAfterNs;
  }

  /** After how long the controller says another try may be worth it; 0: it says nothing. */
  public long retryAfterNs() {
    return retryAfterNs;
  }

  public int status() {
    return status;
  }

  public int opcode() {
    return opcode;
  }

  public int cid() {
    return cid;
  }

  /** The controller did not set Do Not Retry. */
  @Override
  public boolean retryable() {
    return !Status.doNotRetry(status);
  }

  private static String describe(int status, int opcode, int cid) {
    return "opcode "
        + Integer.toHexString(opcode & 0xFF)
        + "h, CID "
        + Integer.toHexString(cid & 0xFFFF)
        + "h: "
        + StatusCode.describe(status, opcode);
  }
}
