package io.mora.initiator.fake;

import java.io.IOException;

/** Takes a command before the fake controller's own handling. */
@FunctionalInterface
public interface Script {
  /** True if it was handled here. */
  boolean handle(Wire wire, Command command) throws IOException;
}
