package io.mora.cli.streams;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.load.LoadRun;
import io.mora.cli.load.Progress;
import io.mora.cli.load.Workload;
import io.mora.cli.nvme.Disks;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.Nqn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A stream's own connections, on threads of its own: a stream must not wait in this client for
 * another's work, or the client would be what is measured.
 */
public final class StreamSession implements AutoCloseable {
  private final StreamSpec spec;
  private final Initiator initiator;
  private final Association association;
  private final RemoteNamespace namespace;
  private final long timeoutNs;

  private StreamSession(
      StreamSpec spec, Initiator initiator, Association association, Destination to) {
    this.spec = spec;
    this.initiator = initiator;
    this.association = association;
    this.namespace =
        Disks.namespace(association, spec.place().nsid() == 0 ? to.nsid() : spec.place().nsid());
    this.timeoutNs = to.connect().ioTimeoutMs() * 1_000_000;
  }

  /** Who it comes from: another host has an id of its own, and no key that is known here. */
  private static InitiatorOptions.Builder host(StreamSpec spec, Destination to) {
    Nqn other = spec.place().host();
    if (other == null) {
      return to.host().options();
    }
    if (to.host().tls() != null || to.host().dhchap() != null) {
      throw CliException.usage(
          "stream "
              + spec.name()
              + ": host="
              + other
              + " is another host, and the key that was given is not its key");
    }
    return InitiatorOptions.builder().hostNqn(other);
  }

  /** Connects it. */
  public static StreamSession open(StreamSpec spec, Destination to)
      throws TimeoutException, InterruptedException {
    InitiatorOptions options =
        host(spec, to)
            .loops(spec.place().loops())
            .cpus(spec.place().cpus())
            .niceness(spec.place().niceness())
            .transport(to.transport())
            .spinNs(to.spinNs())
            .build();
    Initiator initiator = Initiator.create(options);
    try {
      Association association = SubsystemOptions.open(initiator, connect(spec, to));
      if (association.queues() < spec.place().connections()) {
        throw new CliException(
            ExitCodes.FAILED,
            "stream " + spec.name() + ": the target grants " + association.queues() + " queues");
      }
      return new StreamSession(spec, initiator, association, to);
    } catch (TimeoutException | InterruptedException | RuntimeException e) {
      initiator.close();
      throw e;
    }
  }

  private static ConnectOptions connect(StreamSpec spec, Destination to) {
    int entries = 2 * spec.depthEach() + 1; // twice, for the phase that doubles it
    if (spec.depthEach() >= ConnectOptions.QUEUE_DEPTH_MAX) {
      throw CliException.usage(
          "stream " + spec.name() + ": depth " + spec.depthEach() + " a connection: below 1024");
    }
    return to.connect().toBuilder()
        .queues(spec.place().connections())
        .queueDepth(
            Math.min(
                ConnectOptions.QUEUE_DEPTH_MAX, Math.max(ConnectOptions.QUEUE_DEPTH_MIN, entries)))
        .targetTiming(true)
        .latencyIntent(true)
        .build();
  }

  public StreamSpec spec() {
    return spec;
  }

  /**
   * Its load, ready to begin.
   *
   * @param as this stream, or it doubled
   * @param hints whether the target is told what the I/O is for
   */
  public LoadRun load(StreamSpec as, boolean hints, Workload.Region region, long seed) {
    StreamSpec.Shape shape = as.shape();
    RemoteNamespace told = hints ? spec.purpose().tell(namespace) : namespace;
    List<RemoteNamespace> queues = new ArrayList<>();
    for (int queue = 0; queue < association.queues(); queue++) {
      queues.add(told.onQueue(queue));
    }
    long length =
        region.lengthBytes() < 0
            ? namespace.sizeBytes() - region.offsetBytes()
            : region.lengthBytes();
    Workload workload =
        new Workload(
            shape.blockBytes(),
            shape.readPercent(),
            shape.sequential(),
            as.depthEach(),
            shape.ratePerSecond(),
            new Workload.Region(region.offsetBytes(), length),
            false,
            seed);
    workload.requireFits(namespace);
    return new LoadRun(queues, workload, timeoutNs, new Progress(null))
        .budgetNs(spec.purpose().budgetNs())
        .pacedOn(
            spec.place().cpus().isEmpty() ? -1 : spec.place().cpus().get(0),
            spec.place().niceness());
  }

  @Override
  public void close() {
    initiator.close();
  }
}
