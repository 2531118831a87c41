package io.mora.target.embedded;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.target.MoraTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A target in this process with a namespace in memory, for the tests of programs that embed the
 * initiator: on free ports of the loopback address, open to every host, gone when closed.
 *
 * <pre>{@code
 * try (EmbeddedTarget target = EmbeddedTarget.inMemory(16 << 20)) {
 *   initiator.connect(ConnectOptions.to(target.address(), EmbeddedTarget.SUBSYSTEM).build());
 * }
 * }</pre>
 */
public final class EmbeddedTarget implements AutoCloseable {
  public static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:embedded");

  /** The namespace there is; its blocks are of {@value #BLOCK_BYTES} bytes. */
  public static final int NSID = 1;

  public static final int BLOCK_BYTES = NamespaceSpec.BLOCK_SIZE_DEFAULT;

  private final MoraTarget target;

  private EmbeddedTarget(MoraTarget target) {
    this.target = target;
  }

  /** With one way to it. */
  public static EmbeddedTarget inMemory(long sizeBytes) {
    return inMemory(sizeBytes, 1);
  }

  /**
   * With several ways to it.
   *
   * @param sizeBytes a multiple of {@value #BLOCK_BYTES}
   */
  public static EmbeddedTarget inMemory(long sizeBytes, int listeners) {
    NamespaceSpec namespace =
        NamespaceSpec.of(SUBSYSTEM, NSID, BLOCK_BYTES, new BackendSpec.Memory(sizeBytes));
    TargetSpec spec =
        TargetSpec.of(
            Collections.nCopies(listeners, ListenerSpec.of("127.0.0.1", 0)),
            List.of(SubsystemSpec.openToAll(SUBSYSTEM, List.of(namespace))));
    try {
      return new EmbeddedTarget(MoraTarget.start(spec));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The target itself. */
  public MoraTarget target() {
    return target;
  }

  public TransportAddress address() {
    return addresses().get(0);
  }

  public List<TransportAddress> addresses() {
    List<TransportAddress> addresses = new ArrayList<>();
    for (MoraTarget.BoundListener each : target.listeners()) {
      InetSocketAddress bound = each.address();
      addresses.add(new TransportAddress(bound.getHostString(), bound.getPort()));
    }
    return addresses;
  }

  /** How the namespace is reached by one of the addresses from now on. */
  public void ana(int listener, AnaState state) {
    TargetSpec now = target.spec();
    List<ListenerSpec> listeners = new ArrayList<>(now.listeners());
    AnaGroupState group = new AnaGroupState(1, state);
    listeners.set(listener, listeners.get(listener).withAna(List.of(group)));
    var result = target.apply(now.withListeners(listeners));
    if (!result.isApplied()) {
      throw new IllegalArgumentException(result.problems().toString());
    }
  }

  @Override
  public void close() {
    target.close();
  }
}
