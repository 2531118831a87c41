package io.mora.target.subsystem;

import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.status.Status;
import io.mora.qos.CostModel;
import io.mora.qos.DeviceLine;
import io.mora.qos.DeviceWindow;
import io.mora.qos.mode.LatencyMode;
import io.mora.qos.mode.LatencyWindow;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.Lender;
import io.mora.target.cache.HotSpace;
import io.mora.target.cache.HotTier;
import io.mora.target.range.RangeLocks;
import io.mora.target.reservation.NamespaceReservation;
import io.mora.target.shard.Shard;
import io.mora.target.shard.ShardTurn;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A namespace of a subsystem: its identity, its geometry and each shard's way into its storage.
 *
 * <p>Immutable but for the queues, which are opened on every shard before the namespace is served,
 * the latency mode and the size, which control threads change while it is served.
 */
public final class Namespace {
  private static final int RETIRED = Status.INVALID_NAMESPACE | Status.DNR;

  private final int nsid;
  private final Identity identity;
  private volatile NamespacePolicy policy;
  private volatile HostAccess access;
  private volatile int refusal = Status.SUCCESS;
  private volatile long formattedBytes;
  private final Backend backend;
  private final int blockShift;
  private final boolean readOnly;
  private final @Nullable Lender lender;
  private final BackendQueue[] queues;
  private HotSpace hot = HotTier.off().space();
  private final @Nullable DeviceLine[] lines;
  private final DeviceWindow window;
  private NamespaceReservation reservation = new NamespaceReservation();
  private final RangeLocks ranges = new RangeLocks();
  private final Object sizing = new Object();
  private volatile ModeInForce mode;
  private volatile BackendGeometry geometry;

  /**
   * @param nsid 1..FFFFFFFEh
   * @param identity the same on every controller and after every restart
   * @param shards shards of the target; {@link #open} is called once on each
   */
  public Namespace(int nsid, Identity identity, Backend backend, int shards) {
    this(nsid, identity, NamespacePolicy.DEFAULT, backend, shards, LatencyMode.AUTO);
  }

  /**
   * @param policy how its commands are served, but for the mode
   * @param mode how latency is traded for throughput
   */
  public Namespace(
      int nsid,
      Identity identity,
      NamespacePolicy policy,
      Backend backend,
      int shards,
      LatencyMode mode) {
    this.nsid = nsid;
    this.identity = identity;
    this.policy = policy;
    this.access = HostAccess.of(policy.reach());
    this.backend = backend;
    this.geometry = backend.geometry();
    this.blockShift = Integer.numberOfTrailingZeros(geometry.blockSizeBytes());
    this.readOnly = geometry.readOnly();
    this.lender = backend.lender();
    this.queues = new BackendQueue[shards];
    this.lines = new DeviceLine[shards];
    this.mode = new ModeInForce(mode, shards, shard -> heldNs(lines[shard]), System.nanoTime());
    this.window = DeviceWindow.of(mode.profile(true).window());
  }

  /** Opens the turn's shard's queue; on that shard's thread. */
  public void open(ShardTurn turn) {
    Shard shard = turn.shard();
    queues[shard.index()] = hot.through(backend.queue(shard));
    lines[shard.index()] = turn.line(CostModel.calibrating(), window);
  }

  /** Closes the turn's shard's queue; on that shard's thread, with nothing in flight. */
  public void close(ShardTurn turn) {
    int index = turn.shard().index();
    DeviceLine line = lines[index];
    if (line != null) {
      turn.remove(line);
    }
    BackendQueue queue = queues[index];
    if (queue != null) {
      queue.close();
    }
  }

  /** Puts the hot tier in front of the storage; before it is opened anywhere. */
  public Namespace behind(HotTier tier) {
    hot = tier.space();
    return this;
  }

  /** Has its reservation be this one; before it is opened anywhere. */
  public Namespace reservedBy(NamespaceReservation kept) {
    reservation = kept;
    return this;
  }

  /** Its part of the hot tier. */
  public HotSpace hot() {
    return hot;
  }

  /** A shard's line to the storage; null in order of arrival. That shard's thread only. */
  public @Nullable DeviceLine line(int shardIndex) {
    return lines[shardIndex];
  }

  /** The record of the mode that is in force on a shard; that shard's thread only. */
  public LatencyWindow modeRecord(int shardIndex) {
    return mode.record(shardIndex);
  }

  /** What the mode in force promised, and what became of it, on all shards together; any thread. */
  public LatencyWindow.Report modeReport() {
    return mode.report(System.nanoTime());
  }

  /** How latency is traded for throughput here; any thread. */
  public LatencyMode mode() {
    return mode.mode();
  }

  /**
   * Another mode from now on; any thread. Commands on their way keep the numbers they have.
   *
   * @return what the one that ends did; null if it is the same and goes on
   */
  public synchronized LatencyWindow.@Nullable Report mode(LatencyMode newMode) {
    ModeInForce before = mode;
    if (before.mode() == newMode) {
      return null;
    }
    long now = System.nanoTime();
    mode = new ModeInForce(newMode, lines.length, shard -> heldNs(lines[shard]), now);
    window.apply(newMode.profile(true).window());
    return before.report(now);
  }

  private static long heldNs(@Nullable DeviceLine line) {
    return line == null ? 0 : line.heldNs();
  }

  /** The queue of a shard; that shard's thread only. */
  public BackendQueue queue(int shardIndex) {
    return queues[shardIndex];
  }

  /** Who may read and write it. */
  public NamespaceReservation reservation() {
    return reservation;
  }

  /** Who has blocks of it to itself. */
  public RangeLocks ranges() {
    return ranges;
  }

  /** Operations at the storage of a shard; that shard's thread only. */
  public int inFlight(int shardIndex) {
    BackendQueue queue = queues[shardIndex];
    return queue == null ? 0 : queue.inFlight();
  }

  public int nsid() {
    return nsid;
  }

  public Identity identity() {
    return identity;
  }

  /** How its commands are served; any thread. */
  public NamespacePolicy policy() {
    return policy;
  }

  /** From the next command on; the mode is changed by {@link #mode(LatencyMode)}. */
  public void policy(NamespacePolicy replacement) {
    policy = replacement;
    access = HostAccess.of(replacement.reach());
  }

  /** Which of the subsystem's hosts may see it; any thread. */
  public HostAccess access() {
    return access;
  }

  /** What a command that would start on it now ends with; success if it may start. Any thread. */
  public int refusal() {
    return refusal;
  }

  /** No command may start on it any more: it has left its subsystem. Any thread. */
  public boolean isRetired() {
    return refusal == RETIRED;
  }

  public synchronized void retire() {
    refusal = RETIRED;
  }

  /**
   * No command may start on it until {@link #endFormat}; any thread.
   *
   * @return false if that is so already
   */
  public synchronized boolean beginFormat() {
    if (refusal != Status.SUCCESS) {
      return false;
    }
    formattedBytes = 0;
    refusal = Status.FORMAT_IN_PROGRESS;
    return true;
  }

  /** Commands may start again, unless it left its subsystem meanwhile. */
  public synchronized void endFormat() {
    if (refusal == Status.FORMAT_IN_PROGRESS) {
      refusal = Status.SUCCESS;
    }
  }

  /** How far a format has come. */
  public void formatReached(long bytes) {
    formattedBytes = bytes;
  }

  /** Percent of a format that are left, 1 to 100; 0 if there is none. Any thread. */
  public int formatLeftPercent() {
    if (refusal != Status.FORMAT_IN_PROGRESS) {
      return 0;
    }
    double left = 1 - (double) formattedBytes / geometry.sizeBytes();
    return (int) Math.max(1, Math.ceil(left * 100));
  }

  public Backend backend() {
    return backend;
  }

  /**
   * Its storage, if that lends its memory to sockets; a hot tier before it wants the data itself.
   */
  public @Nullable Lender lender() {
    return hot.isPresent() ? null : lender;
  }

  /** As hosts are to see it now; any thread. Only the size ever changes. */
  public BackendGeometry geometry() {
    return geometry;
  }

  /**
   * Another size from now on, for all shards and connections; a control thread, not a shard's.
   * Waits for commands at the device that reach past a smaller one, at most {@link
   * io.mora.target.backend.LiveSize#DRAIN_MS_MAX}. Telling hosts is the caller's part.
   *
   * <p>Grows the storage before hosts may reach what is new; shrinks what they may reach before the
   * storage, and drops what the hot tier has. A command that was let in under the larger size and
   * comes late ends with LBA Out of Range.
   *
   * @param sizeBytes a positive multiple of the block size, or {@link Backend#SIZE_AS_FOUND}
   * @return the geometry from now on
   * @throws IOException saying what the size can be, or what failed; {@link #geometry} tells what
   *     holds
   */
  public BackendGeometry resize(long sizeBytes) throws IOException {
    synchronized (sizing) {
      BackendGeometry before = geometry;
      if (sizeBytes != Backend.SIZE_AS_FOUND && sizeBytes < before.sizeBytes()) {
        geometry = before.resized(sizeBytes);
      }
      try {
        return backend.resize(sizeBytes);
      } finally {
        geometry = backend.geometry();
        if (geometry.sizeBytes() < before.sizeBytes()) {
          hot.drop();
        }
      }
    }
  }

  /** log2 of the block size: 9 or 12. */
  public int blockShift() {
    return blockShift;
  }

  /** How many there are now; any thread. Two calls may differ. */
  public long blocks() {
    return geometry.sizeBytes() >>> blockShift;
  }

  public boolean readOnly() {
    return readOnly;
  }

  /**
   * How hosts recognise a namespace on any path.
   *
   * @param nguid 16 bytes
   */
  public record Identity(UUID uuid, Bytes nguid) {}
}
