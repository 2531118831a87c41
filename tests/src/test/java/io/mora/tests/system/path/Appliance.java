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
  private final Machine machine;
  private final FaultProxy wire;

  /** What the target runs in. */
  interface Machine extends AutoCloseable {
    /** Stays the same over restarts. */
    int port();

    /** How all it serves is reached through it. */
    void ana(AnaState state);

    /** Nothing more is done from then on. */
    void kill();

    void start();

    @Override
    void close();
  }

  /** In this process. */
  Appliance(Served served, BackendOpener storage) {
    this(new InProcess(served, storage));
  }

  Appliance(Machine machine) {
    this.machine = machine;
    this.wire = new FaultProxy(machine.port());
  }

  TransportAddress address() {
    return new TransportAddress("127.0.0.1", wire.port());
  }

  FaultProxy wire() {
    return wire;
  }

  /** Of one in this process. */
  MoraTarget target() {
    return ((InProcess) machine).running.target();
  }

  /** How all it serves is reached through it. */
  void ana(AnaState state) {
    machine.ana(state);
  }

  /** Kills its process, or what comes nearest: connections are reset, nothing more is done. */
  void kill() {
    wire.refuse(true);
    if (machine instanceof InProcess) {
      wire.cutAll(Act.RESET); // Before it stops in good order.
      machine.kill();
    } else {
      machine.kill();
      wire.cutAll(Act.RESET); // What the wire may still hold.
    }
  }

  /** Starts it again where it was. */
  void start() {
    machine.start();
    wire.refuse(false);
  }

  /** Nothing moves, and nobody is told. */
  void hole(boolean hole) {
    wire.hole(hole);
  }

  /** Has a target reach all it serves by a state. */
  static void apply(MoraTarget target, AnaState state) {
    TargetSpec now = target.spec();
    ListenerSpec listener = now.listeners().get(0);
    assertThat(
            target
                .apply(
                    now.withListeners(
                        List.of(listener.withAna(List.of(new AnaGroupState(1, state))))))
                .problems())
        .isEmpty();
  }

  @Override
  public void close() throws IOException {
    wire.close();
    machine.close();
  }

  private static final class InProcess implements Machine {
    private final Served served;
    private final BackendOpener storage;
    private TargetFixture running;

    InProcess(Served served, BackendOpener storage) {
      this.served = served;
      this.storage = storage;
      this.running = TargetFixture.start(served.listening(0), storage);
    }

    @Override
    public int port() {
      return running.port();
    }

    @Override
    public void ana(AnaState state) {
      apply(running.target(), state);
    }

    @Override
    public void kill() {
      running.close();
    }

    @Override
    public void start() {
      running = TargetFixture.start(served.listening(running.port()), storage);
    }

    @Override
    public void close() {
      running.close();
    }
  }
}
