package io.mora.target.transport;

import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.net.tls.TlsEnd;
import io.mora.target.controller.auth.TlsDoor;
import io.mora.target.log.HostLog;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.event.Level;

/** A host's connection on its way through a TLS handshake. */
final class TlsArrival implements TlsEnd {
  private static final HostLog REFUSED =
      HostLog.of(TlsArrival.class, Level.WARN, "TLS connections refused");

  private final TlsDoor door;
  private final TlsDoor.Knock knock;
  private final Consumer<PskIdentity> next;

  /**
   * @param policy of the port
   * @param next adds the connection of the host that proved this key
   */
  TlsArrival(TlsDoor door, InetSocketAddress from, TlsPolicy policy, Consumer<PskIdentity> next) {
    this.door = door;
    this.knock = door.knock(from.getAddress(), policy);
    this.next = next;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public long timeoutMs() {
    return door.timeoutMs();
  }

  @Override
  public Executor workers() {
    return door.workers();
  }

  @Override
  public void begin() throws TlsException {
    knock.begin();
  }

  @Override
  public TlsHandshake handshake() {
    return TlsHandshake.server(knock);
  }

  @Override
  public void ended() {
    knock.ended();
  }

  @Override
  public void secured(Channel channel, TlsSession session) {
    knock.proved();
    Runnable end = door.opened(session.identity());
    if (end == null) {
      REFUSED.line(
          "TLS connection from {} refused: its key was forgotten during the handshake ({})",
          channel.remoteAddress(),
          session.identity());
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> end.run());
    next.accept(session.identity());
  }

  @Override
  public void refused(Channel channel, String cause, boolean noProof) {
    if (noProof) {
      knock.failed();
    }
    REFUSED.line("TLS connection from {} refused: {}", channel.remoteAddress(), cause);
  }
}
