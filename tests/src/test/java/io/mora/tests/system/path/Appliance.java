package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.target.MoraTarget;
import io.mora.target.backend.BackendOpener;
import io.mora.tests.kit.FaultProxy;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import java.io.IOException;
import java.util.List;

/** A target over storage that it shares, and the wire to it. */
final class Appliance implements AutoCloseable {
  private final Served served;
  private final BackendOpener storage;
  private final FaultProxy wire;
  private TargetFixture running;

  Appliance(Served served, BackendOpener storage) {
    this.served = served;
    this.storage = storage;
    this.running = TargetFixture.start(served.listening(0), storage);
    this.wire = new FaultProxy(running.port());
  }

  TransportAddress address() {
    return new TransportAddress("127.0.0.1", wire.port());
  }

  FaultProxy wire() {
    return wire;
  }

  MoraTarget target() {
    return running.target();
  }

  /** How all it serves is reached through it. */
  void ana(AnaState state) {
    TargetSpec now = target().spec();
    ListenerSpec listener = now.listeners().get(0);
    assertThat(
            target()
                .apply(
                    now.withListeners(
                        List.of(listener.withAna(List.of(new AnaGroupState(1, state))))))
                .problems())
        .isEmpty();
  }

  /** As if its process had been killed: every connection is reset, nothing more is done. */
  void kill() {
    wire.refuse(true);
    wire.cutAll(Act.RESET);
    running.close();
  }

  /** Starts it again where it was. */
  void start() {
    int port = running.port();
    running = TargetFixture.start(served.listening(port), storage);
    wire.refuse(false);
  }

  /** Nothing moves, and nobody is told. */
  void hole(boolean hole) {
    wire.hole(hole);
  }

  @Override
  public void close() throws IOException {
    wire.close();
    running.close();
  }
}
