package io.mora.target.controller;

import io.mora.protocol.intent.GrantPage;
import io.mora.target.subsystem.KnownHost;

/** What a host switched on, for tests in other packages. */
public final class TestIntent {
  private TestIntent() {}

  /**
   * The state of a controller whose host opted in.
   *
   * @param cdw11 of Set Features E0h; 0 for none
   * @param believed its name is
   */
  public static IntentState of(KnownHost host, int cdw11, boolean believed) {
    IntentState state = new IntentState(true, host);
    state.connected(GrantPage.CLAIMED, believed);
    if (cdw11 != 0 && !state.set(cdw11)) {
      throw new AssertionError("refused: " + Integer.toHexString(cdw11));
    }
    return state;
  }
}
