package io.mora.tests.system.path;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.initiator.path.PathSignals;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.util.List;

/** Two appliances with the same namespace, and a host that has a path to each. */
final class TwoAppliances {
  static final int BLOCK = 4096;
  static final int BLOCKS = 1024;

  /** The least a target keeps: its granularity. */
  static final long KATO_MS = 1000;

  final Appliance first;
  final Appliance second;
  final InitiatorFixture host;
  final PathSet paths;
  final RemoteNamespace namespace;

  TwoAppliances(Evidence evidence, TransportKind kind, PathOptions options) {
    SharedStorage shelf = evidence.closing(new SharedStorage());
    Served served = Served.on(1).with(kind).withMemory((long) BLOCKS * BLOCK, BLOCK);
    first = evidence.closing(new Appliance(served, shelf));
    second = evidence.closing(new Appliance(served, shelf));
    host = evidence.closing(InitiatorFixture.start(kind, 2));
    paths =
        Waiting.get(
            host.initiator()
                .connectPaths(
                    options,
                    List.of(options(first.address()).build(), options(second.address()).build())));
    namespace = Waiting.get(paths.namespace(1));
    evidence.offer("paths.txt", () -> signals().toString());
    awaitServing(2);
  }

  /** Short times, so that what is lost is noticed soon. */
  static ConnectOptions.Builder options(TransportAddress address) {
    return ConnectOptions.to(address, Served.SUBSYSTEM)
        .queues(1)
        .keepAliveTimeoutMs(KATO_MS)
        .adminTimeoutMs(3000)
        .connectTimeoutMs(500)
        .reconnectDelayMs(50);
  }

  Appliance appliance(int number) {
    return number == 0 ? first : second;
  }

  PathSignals signals() {
    return Waiting.get(paths.signals());
  }

  int serving() {
    return signals().paths().stream().mapToInt(PathSignals.PathInfo::serving).sum();
  }

  void awaitServing(int count) {
    Waiting.until(count + " paths serve", () -> serving() == count);
  }
}
