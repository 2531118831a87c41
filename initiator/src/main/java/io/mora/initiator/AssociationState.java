package io.mora.initiator;

/** Where an {@link Association} is in its life. */
public enum AssociationState {
  /** The first connect is under way. */
  CONNECTING,
  /** Commands flow. */
  LIVE,
  /** The connection was lost; I/O waits for the next attempt, admin commands fail. */
  RECONNECTING,
  /** {@link Association#disconnect} is under way. */
  CLOSING,
  /** Over: closed, or given up. Every command fails. */
  CLOSED
}
