package io.mora.cli.streams;

import io.mora.initiator.RemoteNamespace;

/** From a stream's purpose to the initiator's intent. */
final class Intents {
  private Intents() {}

  static RemoteNamespace bind(RemoteNamespace namespace, StreamSpec.Purpose purpose) {
    return namespace;
  }
}
