package io.mora.protocol.net.tls;

import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsSession;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;

/** What one end of a connection does about its handshake. */
public interface TlsEnd {
  /** This end connected. */
  boolean isClient();

  /** Most time from the connection to the end of the handshake. */
  long timeoutMs();

  /** Where handshakes are computed; not a loop. */
  Executor workers();

  /**
   * The handshake's arithmetic begins; on the loop's thread. Where this returns, {@link #ended}
   * follows once.
   *
   * @throws TlsException if it may not, as when there are too many
   */
  void begin() throws TlsException;

  /** A new handshake; on a worker. */
  TlsHandshake handshake() throws TlsException;

  /** The handshake is over, one way or the other; on the loop's thread. */
  void ended();

  /** Both ends have the key. Now handlers may be added behind the stage; they become active. */
  void secured(Channel channel, TlsSession session);

  /**
   * There is no secure connection, and the channel closes; on the loop's thread.
   *
   * @param cause in words, nothing of a key
   * @param noProof the ends do not agree on a key, so that trying again is no use; else the way
   *     there failed
   */
  void refused(Channel channel, String cause, boolean noProof);
}
