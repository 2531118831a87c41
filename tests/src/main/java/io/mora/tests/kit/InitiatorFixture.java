package io.mora.tests.kit;

import io.mora.initiator.Association;
import io.mora.initiator.AssociationListener;
import io.mora.initiator.AssociationState;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.net.TransportKind;
import java.util.concurrent.atomic.AtomicInteger;

/** The Java host in this process. */
public final class InitiatorFixture implements AutoCloseable {
  private final Initiator initiator;

  private InitiatorFixture(Initiator initiator) {
    this.initiator = initiator;
  }

  public static InitiatorFixture start(TransportKind kind, int loops) {
    return new InitiatorFixture(
        Initiator.create(InitiatorOptions.builder().transport(kind).loops(loops).build()));
  }

  public static InitiatorFixture start() {
    return start(TransportKind.best(), 1);
  }

  public Initiator initiator() {
    return initiator;
  }

  /** Options for a target that goes away and comes back: it is looked for without much delay. */
  public static ConnectOptions.Builder persistent(TransportAddress address) {
    return ConnectOptions.to(address, Served.SUBSYSTEM)
        .reconnectDelayMs(100)
        .controllerLossTimeoutMs(Waiting.LIMIT_SECONDS * 1000);
  }

  public Association connect(ConnectOptions options) {
    return Waiting.get(initiator.connect(options));
  }

  public Association connect(TransportAddress address) {
    return connect(persistent(address).build());
  }

  /** Namespace 1 of a new association. */
  public RemoteNamespace namespace(TransportAddress address) {
    return connect(address).namespace(1);
  }

  @Override
  public void close() {
    initiator.close();
  }

  /** Counts how often an association becomes live again, from now on. */
  public static AtomicInteger timesLive(Association association) {
    AtomicInteger live = new AtomicInteger();
    association.addListener(
        new AssociationListener() {
          @Override
          public void stateChanged(Association which, AssociationState state) {
            if (state == AssociationState.LIVE) {
              live.incrementAndGet();
            }
          }
        });
    return live;
  }
}
