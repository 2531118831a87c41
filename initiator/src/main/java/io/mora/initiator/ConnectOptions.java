package io.mora.initiator;

import io.mora.initiator.auth.DhchapOptions;
import io.mora.initiator.auth.TlsOptions;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How to connect to one controller. Immutable; made by {@link #to}. Names, meanings and defaults
 * are those of {@code nvme connect}; times are in ms.
 */
public final class ConnectOptions {
  public static final int QUEUES_MAX = 256;
  public static final int QUEUE_DEPTH_MIN = 16;
  public static final int QUEUE_DEPTH_MAX = 1024;
  public static final int WAITING_MAX = 65536;
  public static final long TIMEOUT_MS_MAX = 86_400_000;

  /** Of {@link #controllerLossTimeoutMs}: reconnect for ever. */
  public static final long FOREVER = -1;

  /** Of {@link #fastIoFailTimeoutMs}: commands wait until the association is given up. */
  public static final long OFF = -1;

  private final Builder values;

  private ConnectOptions(Builder builder) {
    values = new Builder(builder);
  }

  /** A builder with the defaults: queue depth 128, keep-alive 5 s, I/O timeout 30 s. */
  public static Builder to(TransportAddress address, Nqn subsystem) {
    return new Builder(address, subsystem);
  }

  /**
   * As above from text; the port defaults to {@value TransportAddress#IO_PORT}.
   *
   * @throws IllegalArgumentException if one of them is malformed
   */
  public static Builder to(String address, String subsystem) {
    return to(TransportAddress.parse(address, TransportAddress.IO_PORT), new Nqn(subsystem));
  }

  public Builder toBuilder() {
    return new Builder(values);
  }

  /** The same for another address, for a way to the same namespaces. */
  public ConnectOptions at(TransportAddress other, Nqn subsystem) {
    return new ConnectOptions(new Builder(values, other, subsystem));
  }

  public TransportAddress address() {
    return values.address;
  }

  public Nqn subsystem() {
    return values.subsystem;
  }

  /** I/O queues asked for; 0 means one a loop. The controller may grant fewer. */
  public int queues() {
    return values.queues;
  }

  /** I/O queues asked for beside those of the loops, for {@link Association#openThreadQueue}. */
  public int threadQueues() {
    return values.threadQueues;
  }

  /** Entries of an I/O queue; one is kept for Connect. Shrinks to what the controller allows. */
  public int queueDepth() {
    return values.queueDepth;
  }

  public boolean headerDigest() {
    return values.headerDigest;
  }

  public boolean dataDigest() {
    return values.dataDigest;
  }

  public boolean targetTiming() {
    return values.targetTiming;
  }

  public boolean latencyIntent() {
    return values.latencyIntent;
  }

  /** From the intended start, above which an I/O makes a JFR event; 0 for never. */
  public long slowIoNs() {
    return values.slowIoNs;
  }

  /** KATO; a Keep Alive goes out every half of it. 0 for none. */
  public long keepAliveTimeoutMs() {
    return values.keepAliveTimeoutMs;
  }

  public long reconnectDelayMs() {
    return values.reconnectDelayMs;
  }

  public long controllerLossTimeoutMs() {
    return values.controllerLossTimeoutMs;
  }

  public long fastIoFailTimeoutMs() {
    return values.fastIoFailTimeoutMs;
  }

  public long ioTimeoutMs() {
    return values.ioTimeoutMs;
  }

  public long adminTimeoutMs() {
    return values.adminTimeoutMs;
  }

  public long connectTimeoutMs() {
    return values.connectTimeoutMs;
  }

  /**
   * What one attempt to connect, from TCP to the last Identify, may take beside CAP.TO: three times
   * {@link #connectTimeoutMs}, and {@link #adminTimeoutMs} for all commands together.
   */
  public long attemptTimeoutMs() {
    return 3 * values.connectTimeoutMs + values.adminTimeoutMs;
  }

  public long drainTimeoutMs() {
    return values.drainTimeoutMs;
  }

  public int waitingMax() {
    return values.waitingMax;
  }

  public int transferBytesMax() {
    return values.transferBytesMax;
  }

  /** How this host authenticates, or null for as its initiator does. */
  public @Nullable DhchapOptions dhchap() {
    return values.dhchap;
  }

  /** How it connects over TLS, or null for as its initiator does. */
  public @Nullable TlsOptions tls() {
    return values.tls;
  }

  /** Where stages complete, or null for the queue's loop thread. */
  public @Nullable Executor completionExecutor() {
    return values.completionExecutor;
  }

  static long requireRange(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " " + value + ": " + min + " to " + max);
    }
    return value;
  }

  /** Collects options; each setter checks its value and throws IllegalArgumentException. */
  public static final class Builder {
    private final TransportAddress address;
    private final Nqn subsystem;
    private int queues;
    private int threadQueues;
    private int queueDepth = 128;
    private boolean headerDigest;
    private boolean targetTiming;
    private boolean latencyIntent;
    private long slowIoNs;
    private boolean dataDigest;
    private long keepAliveTimeoutMs = 5_000;
    private long reconnectDelayMs = 10_000;
    private long controllerLossTimeoutMs = 600_000;
    private long fastIoFailTimeoutMs = OFF;
    private long ioTimeoutMs = 30_000;
    private long adminTimeoutMs = 60_000;
    private long connectTimeoutMs = 10_000;
    private long drainTimeoutMs = 5_000;
    private int waitingMax = 1024;
    private int transferBytesMax = 1 << 20;
    private @Nullable Executor completionExecutor;
    private @Nullable DhchapOptions dhchap;
    private @Nullable TlsOptions tls;

    private Builder(TransportAddress address, Nqn subsystem) {
      this.address = address;
      this.subsystem = subsystem;
    }

    private Builder(Builder from) {
      this(from, from.address, from.subsystem);
    }

    private Builder(Builder from, TransportAddress otherAddress, Nqn otherSubsystem) {
      address = otherAddress;
      subsystem = otherSubsystem;
      queues = from.queues;
      threadQueues = from.threadQueues;
      queueDepth = from.queueDepth;
      headerDigest = from.headerDigest;
      targetTiming = from.targetTiming;
      latencyIntent = from.latencyIntent;
      slowIoNs = from.slowIoNs;
      dataDigest = from.dataDigest;
      keepAliveTimeoutMs = from.keepAliveTimeoutMs;
      reconnectDelayMs = from.reconnectDelayMs;
      controllerLossTimeoutMs = from.controllerLossTimeoutMs;
      fastIoFailTimeoutMs = from.fastIoFailTimeoutMs;
      ioTimeoutMs = from.ioTimeoutMs;
      adminTimeoutMs = from.adminTimeoutMs;
      connectTimeoutMs = from.connectTimeoutMs;
      drainTimeoutMs = from.drainTimeoutMs;
      waitingMax = from.waitingMax;
      transferBytesMax = from.transferBytesMax;
      completionExecutor = from.completionExecutor;
      dhchap = from.dhchap;
      tls = from.tls;
    }

    /** I/O queues, 1 to {@value #QUEUES_MAX}, or 0 for one a loop. */
    public Builder queues(int value) {
      queues = (int) requireRange("queues", value, 0, QUEUES_MAX);
      return this;
    }

    /**
     * I/O queues beside those of the loops, 0 to {@value #QUEUES_MAX}: as many threads may have one
     * of their own at a time. Where the controller grants fewer queues these are missing first.
     */
    public Builder threadQueues(int value) {
      threadQueues = (int) requireRange("threadQueues", value, 0, QUEUES_MAX);
      return this;
    }

    /** Entries of an I/O queue, {@value #QUEUE_DEPTH_MIN} to {@value #QUEUE_DEPTH_MAX}. */
    public Builder queueDepth(int value) {
      queueDepth = (int) requireRange("queueDepth", value, QUEUE_DEPTH_MIN, QUEUE_DEPTH_MAX);
      return this;
    }

    /** CRC32C over every PDU header; the connect fails if the controller declines. */
    public Builder headerDigest(boolean value) {
      headerDigest = value;
      return this;
    }

    /**
     * Asks every controller that offers it to tell where each command spent its time; see {@link
     * io.mora.protocol.intent.Timing}. Others are used as they are.
     */
    public Builder targetTiming(boolean value) {
      targetTiming = value;
      return this;
    }

    /**
     * Tells every controller that offers it what I/O is for ({@link
     * io.mora.initiator.intent.Intent}), after each connect; others never see it. What was agreed
     * is {@link Association#intentGrant}.
     */
    public Builder latencyIntent(boolean value) {
      latencyIntent = value;
      return this;
    }

    /** An I/O that takes longer from its intended start makes a JFR event; 0 for never. */
    public Builder slowIoNs(long value) {
      slowIoNs = requireRange("slowIoNs", value, 0, TIMEOUT_MS_MAX * 1_000_000);
      return this;
    }

    /** CRC32C over all data; the connect fails if the controller declines. */
    public Builder dataDigest(boolean value) {
      dataDigest = value;
      return this;
    }

    /** 0 for none, else 100 or more; controllers round up to their granularity. */
    public Builder keepAliveTimeoutMs(long value) {
      keepAliveTimeoutMs =
          value == 0 ? 0 : requireRange("keepAliveTimeoutMs", value, 100, TIMEOUT_MS_MAX);
      return this;
    }

    /** Wait before each attempt to reconnect, varied by a quarter. 1 or more. */
    public Builder reconnectDelayMs(long value) {
      reconnectDelayMs = requireRange("reconnectDelayMs", value, 1, TIMEOUT_MS_MAX);
      return this;
    }

    /**
     * How long to try before the association is given up and its commands fail; 0 never tries,
     * {@link #FOREVER} always.
     */
    public Builder controllerLossTimeoutMs(long value) {
      controllerLossTimeoutMs =
          requireRange("controllerLossTimeoutMs", value, FOREVER, TIMEOUT_MS_MAX);
      return this;
    }

    /** How long after a loss commands wait before they fail; {@link #OFF} until given up. */
    public Builder fastIoFailTimeoutMs(long value) {
      fastIoFailTimeoutMs = requireRange("fastIoFailTimeoutMs", value, OFF, TIMEOUT_MS_MAX);
      return this;
    }

    /**
     * From submit to the end, waiting for a place included. Then the command fails and the
     * connections are made anew, because over TCP nothing else gets a command back. Not counted
     * while reconnecting; a command sent again starts anew. Looked at every eighth of it, but at
     * least once a second.
     */
    public Builder ioTimeoutMs(long value) {
      ioTimeoutMs = requireRange("ioTimeoutMs", value, 1, TIMEOUT_MS_MAX);
      return this;
    }

    /** As {@link #ioTimeoutMs}, of admin commands. */
    public Builder adminTimeoutMs(long value) {
      adminTimeoutMs = requireRange("adminTimeoutMs", value, 1, TIMEOUT_MS_MAX);
      return this;
    }

    /** For the TCP connection, and again for the TLS handshake and for ICResp. */
    public Builder connectTimeoutMs(long value) {
      connectTimeoutMs = requireRange("connectTimeoutMs", value, 1, 600_000);
      return this;
    }

    /** What {@link Association#disconnect} gives commands under way. */
    public Builder drainTimeoutMs(long value) {
      drainTimeoutMs = requireRange("drainTimeoutMs", value, 0, 600_000);
      return this;
    }

    /**
     * Commands that may wait in each queue for a place, rounded up to a power of two, 2 to {@value
     * #WAITING_MAX}; one more is refused.
     */
    public Builder waitingMax(int value) {
      waitingMax = (int) requireRange("waitingMax", value, 2, WAITING_MAX);
      return this;
    }

    /** Most bytes of one command, 4096 to 16 MiB; the controller's MDTS may be lower. */
    public Builder transferBytesMax(int value) {
      transferBytesMax = (int) requireRange("transferBytesMax", value, 4096, 16 << 20);
      return this;
    }

    /** At every connect of every queue; fails with the reason UNAUTHENTICATED. */
    public Builder dhchap(@Nullable DhchapOptions value) {
      dhchap = value;
      return this;
    }

    /** Likewise; null does not keep what the initiator has from being used. */
    public Builder tls(@Nullable TlsOptions value) {
      tls = value;
      return this;
    }

    /** Where stages complete; callbacks stay on the queue's loop thread. */
    public Builder completionExecutor(@Nullable Executor value) {
      completionExecutor = value;
      return this;
    }

    /**
     * @throws IllegalArgumentException if commands would fail fast later than the association is
     *     given up, or a key for TLS is there and one is to be made
     */
    public ConnectOptions build() {
      DhchapOptions.requireOneKey(dhchap, tls);
      if (fastIoFailTimeoutMs != OFF
          && controllerLossTimeoutMs != FOREVER
          && fastIoFailTimeoutMs > controllerLossTimeoutMs) {
        throw new IllegalArgumentException(
            "fastIoFailTimeoutMs "
                + fastIoFailTimeoutMs
                + ": at most controllerLossTimeoutMs "
                + controllerLossTimeoutMs);
      }
      return new ConnectOptions(this);
    }
  }
}
