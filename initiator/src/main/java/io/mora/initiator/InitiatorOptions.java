package io.mora.initiator;

import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.locality.CpuTopology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an {@link Initiator} is set up. Immutable; made by {@link #builder}. */
public final class InitiatorOptions {
  /** Most loops. */
  public static final int LOOPS_MAX = 256;

  private final TransportKind transport;
  private final int loops;
  private final long spinNs;
  private final List<Integer> cpus;
  private final int niceness;
  private final HostId hostId;
  private final Nqn hostNqn;
  private final @Nullable DhchapOptions dhchap;
  private final @Nullable TlsOptions tls;

  private InitiatorOptions(Builder builder) {
    transport = builder.transport;
    loops = builder.loops;
    spinNs = builder.spinNs;
    cpus = builder.cpus;
    niceness = builder.niceness;
    hostId = builder.hostId;
    hostNqn = builder.hostNqn == null ? builder.hostId.hostNqn() : builder.hostNqn;
    dhchap = builder.dhchap;
    tls = builder.tls;
  }

  /**
   * The best transport here, a loop per two CPUs (at most 4), not pinned, not spinning, a random
   * host identity.
   */
  public static InitiatorOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public TransportKind transport() {
    return transport;
  }

  public int loops() {
    return loops;
  }

  public long spinNs() {
    return spinNs;
  }

  /** CPU of each loop, used round and round; empty if they are not pinned. */
  public List<Integer> cpus() {
    return cpus;
  }

  /** Niceness of the loops' threads, -20 (first) to 19. */
  public int niceness() {
    return niceness;
  }

  public HostId hostId() {
    return hostId;
  }

  public Nqn hostNqn() {
    return hostNqn;
  }

  /** How this host authenticates where a connect says nothing else, or null. */
  public @Nullable DhchapOptions dhchap() {
    return dhchap;
  }

  /** How this host connects over TLS where a connect says nothing else; null is plain TCP. */
  public @Nullable TlsOptions tls() {
    return tls;
  }

  /** Collects options; each setter checks its value and throws IllegalArgumentException. */
  public static final class Builder {
    private TransportKind transport = TransportKind.best();
    private int loops = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
    private long spinNs;
    private List<Integer> cpus = List.of();
    private int niceness;
    private HostId hostId = HostId.random();
    private @Nullable Nqn hostNqn;
    private @Nullable DhchapOptions dhchap;
    private @Nullable TlsOptions tls;

    private Builder() {}

    public Builder transport(TransportKind value) {
      transport = value;
      return this;
    }

    /** Loops, 1 to {@value #LOOPS_MAX}. */
    public Builder loops(int value) {
      loops = (int) ConnectOptions.requireRange("loops", value, 1, LOOPS_MAX);
      return this;
    }

    /**
     * How long an idle loop polls before it sleeps: microseconds off the latency, at the price of a
     * busy CPU. 0 to {@link LoopOptions#MAX_SPIN_NS}.
     */
    public Builder spinNs(long value) {
      spinNs = ConnectOptions.requireRange("spinNs", value, 0, LoopOptions.MAX_SPIN_NS);
      return this;
    }

    /** Pins loops to these CPUs. */
    public Builder cpus(List<Integer> value) {
      cpus = List.copyOf(value);
      return this;
    }

    /** Pins loops to the CPUs this process may use, cores and nodes spread evenly. */
    public Builder pinned() {
      return cpus(CpuTopology.read().spread().stream().map(CpuTopology.Cpu::id).toList());
    }

    /**
     * Niceness of the loops' threads, -20 (first) to 19: who goes first where they share a CPU with
     * others. Below 0 needs privileges; where it is refused they keep what they have, with a
     * warning.
     */
    public Builder niceness(int value) {
      niceness = (int) ConnectOptions.requireRange("niceness", value, -20, 19);
      return this;
    }

    /** Identity of this host; also makes the NQN unless one is given. */
    public Builder hostId(HostId value) {
      if (value.isZero()) {
        throw new IllegalArgumentException("hostId: must not be zero");
      }
      hostId = value;
      return this;
    }

    /** Name of this host; the same name should always come with the same id. */
    public Builder hostNqn(Nqn value) {
      hostNqn = value;
      return this;
    }

    /** How this host authenticates, also to discovery controllers. */
    public Builder dhchap(@Nullable DhchapOptions value) {
      dhchap = value;
      return this;
    }

    /** How this host connects over TLS, also to discovery controllers; null is plain TCP. */
    public Builder tls(@Nullable TlsOptions value) {
      tls = value;
      return this;
    }

    public InitiatorOptions build() {
      return new InitiatorOptions(this);
    }
  }
}
