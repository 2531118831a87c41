package io.mora.initiator.auth;

import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.net.tls.TlsEnd;
import io.netty.channel.Channel;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A host's side of one connection's TLS handshake. */
final class TlsConnector implements TlsEnd {
  private final Supplier<TlsKey> key;
  private final Executor workers;
  private final SecureOwner owner;

  /**
   * @param key asked on a worker when the handshake begins, for one that is overwritten then; may
   *     throw IllegalArgumentException for names that do not fit its identity, and
   *     IllegalStateException where it was forgotten since
   */
  TlsConnector(Supplier<TlsKey> key, Executor workers, SecureOwner owner) {
    this.key = key;
    this.workers = workers;
    this.owner = owner;
  }

  @Override
  public boolean isClient() {
    return true;
  }

  @Override
  public long timeoutMs() {
    return owner.handshakeTimeoutMs();
  }

  @Override
  public Executor workers() {
    return workers;
  }

  @Override
  public void begin() {}

  @Override
  public TlsHandshake handshake() throws TlsException {
    TlsKey own = own();
    try {
      return TlsHandshake.client(own);
    } finally {
      own.wipe();
    }
  }

  private TlsKey own() throws TlsException {
    try {
      return key.get();
    } catch (IllegalArgumentException e) {
      throw new TlsException(
          TlsException.NONE, "the names do not fit the identity: " + e.getMessage());
    } catch (IllegalStateException e) {
      throw new TlsException(TlsException.NONE, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void ended() {}

  @Override
  public void secured(Channel channel, TlsSession session) {
    owner.secured(channel);
  }

  @Override
  public void refused(Channel channel, String cause, boolean noProof) {
    Reason reason = noProof ? Reason.UNAUTHENTICATED : Reason.LOST;
    owner.refused(new ConnectionException(reason, "TLS: " + cause));
  }
}
