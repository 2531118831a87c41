package io.mora.cli.connect;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which subsystem, where, as whom, with which queues. */
public final class SubsystemOptions {
  /** Connecting is a dozen exchanges, each with its own timeout. */
  private static final int CONNECT_EXCHANGES = 6;

  @Mixin private AddressOptions address = new AddressOptions();

  @Option(
      names = {"-n", "--nqn"},
      paramLabel = "NQN",
      required = true,
      description = "Name of the subsystem; 'mora discover' lists them.")
  private String nqn = "";

  @Mixin private HostOptions host = new HostOptions();
  @Mixin private QueueOptions queue = new QueueOptions();

  public AddressOptions address() {
    return address;
  }

  public HostOptions host() {
    return host;
  }

  public QueueOptions queue() {
    return queue;
  }

  public Nqn nqn() {
    return new Nqn(nqn);
  }

  /** A connect as asked for, with this many queues and entries where nothing was said. */
  public ConnectOptions connect(int queuesByDefault, int queueSizeByDefault) {
    TransportAddress at = address.address(TransportAddress.IO_PORT);
    return queue
        .apply(timeouts(ConnectOptions.to(at, nqn()), address.timeoutMs()))
        .queues(queue.queues(queuesByDefault))
        .queueDepth(queue.queueSize(queueSizeByDefault))
        .build();
  }

  /** A connect with all else by default. */
  public static ConnectOptions.Builder timeouts(ConnectOptions.Builder connect, long timeoutMs) {
    return connect
        .connectTimeoutMs(timeoutMs)
        .adminTimeoutMs(timeoutMs)
        .ioTimeoutMs(timeoutMs)
        .drainTimeoutMs(Math.min(timeoutMs, 5_000));
  }

  /** Connects, waiting for it. */
  public static Association open(Initiator initiator, ConnectOptions options)
      throws TimeoutException, InterruptedException {
    long timeoutMs = CONNECT_EXCHANGES * options.connectTimeoutMs();
    return Session.await(
        initiator.connect(options),
        timeoutMs,
        "connecting to " + options.subsystem() + " at " + options.address());
  }
}
