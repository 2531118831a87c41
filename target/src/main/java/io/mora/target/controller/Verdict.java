package io.mora.target.controller;

import io.mora.protocol.command.Connect;
import io.mora.protocol.status.Status;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a Connect.
 *
 * @param controller the controller, when accepted
 * @param status packed status otherwise
 * @param result DW0 of a refusal: offset of the bad parameter
 */
record Verdict(@Nullable Controller controller, int status, long result) {
  /** Parameters in the Connect data. */
  static final int HOSTID = 0;

  static final int CNTLID = 16;
  static final int SUBNQN = 256;
  static final int HOSTNQN = 512;

  static Verdict accepted(Controller controller) {
    return new Verdict(controller, Status.SUCCESS, 0);
  }

  static Verdict invalid(int offset, boolean inData) {
    return of(Status.CONNECT_INVALID_PARAMETERS, offset, inData);
  }

  static Verdict of(int status, int offset, boolean inData) {
    return new Verdict(null, status | Status.DNR, offset | (inData ? Connect.IATTR : 0));
  }

  /** A refusal that may end: the host should try again. */
  static Verdict later(int status) {
    return new Verdict(null, status, 0);
  }
}
