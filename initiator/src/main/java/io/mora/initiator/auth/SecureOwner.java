package io.mora.initiator.auth;

import io.mora.protocol.ConnectionException;
import io.netty.channel.Channel;

/** A connection that begins with a TLS handshake; on its loop's thread. */
public interface SecureOwner {
  /** Most time from the connection to the end of the handshake. */
  long handshakeTimeoutMs();

  /** Both sides have the key; handlers added to the pipeline now become active. */
  void secured(Channel channel);

  /** They have not, and the channel closes. */
  void refused(ConnectionException why);
}
