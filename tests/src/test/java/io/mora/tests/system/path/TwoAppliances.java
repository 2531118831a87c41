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
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Two appliances with the same namespace, and a host that has a path to each. */
final class TwoAppliances {
  static final int BLOCK = 4096;
  static final int BLOCKS = 1024;
  static final long BYTES = (long) BLOCKS * BLOCK;

  /** The least a target keeps: its granularity. */
  static final long KATO_MS = 1000;

  final Appliance first;
  final Appliance second;
  final InitiatorFixture host;
  final PathSet paths;
  final RemoteNamespace namespace;

  /** Both in this process, over memory. */
  TwoAppliances(Evidence evidence, TransportKind kind, PathOptions options) {
    this(evidence, kind, options, inThisProcess(evidence, kind));
  }

  private TwoAppliances(
      Evidence evidence, TransportKind kind, PathOptions options, Supplier<Appliance> appliances) {
    first = evidence.closing(appliances.get());
    second = evidence.closing(appliances.get());
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

  private static Supplier<Appliance> inThisProcess(Evidence evidence, TransportKind kind) {
    SharedStorage shelf = evidence.closing(new SharedStorage());
    return () -> new Appliance(served(kind), shelf);
  }

  /** Each in a process of its own, over a file. */
  static TwoAppliances ofProcesses(Evidence evidence, TransportKind kind, PathOptions options) {
    Scratch folder = evidence.closing(new Scratch());
    Path log = folder.file("appliances.log");
    evidence.offer("appliances.log", () -> text(log));
    return new TwoAppliances(
        evidence,
        kind,
        options,
        () -> new Appliance(new ApplianceProcess(kind, folder.file("shelf"), log)));
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What each serves; the same namespace, for its identifiers are made of names. */
  static Served served(TransportKind kind) {
    return Served.on(1).with(kind).withMemory(BYTES, BLOCK);
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
