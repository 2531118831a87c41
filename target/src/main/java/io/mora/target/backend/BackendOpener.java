package io.mora.target.backend;

import io.mora.protocol.net.TransportKind;
import java.io.IOException;

/** Where a target gets its storage from: {@link Backends#open}, or one that wraps what it opens. */
@FunctionalInterface
public interface BackendOpener {
  /**
   * Opens storage; control threads only.
   *
   * @param transport the shards'
   * @throws IOException naming field, value and what is allowed
   */
  Backend open(BackendOptions options, TransportKind transport) throws IOException;
}
