package io.mora.target.subsystem;

import io.mora.protocol.data.Bytes;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.shard.Shard;
import java.util.UUID;

/**
 * A namespace of a subsystem: its identity, its geometry and each shard's way into its storage.
 *
 * <p>Immutable but for the queues, which are opened on every shard before the namespace is served.
 */
public final class Namespace {
  private final int nsid;
  private final Identity identity;
  private final Backend backend;
  private final BackendGeometry geometry;
  private final int blockShift;
  private final long blocks;
  private final boolean readOnly;
  private final BackendQueue[] queues;

  /**
   * @param nsid 1..FFFFFFFEh
   * @param identity the same on every controller and after every restart
   * @param shards shards of the target; {@link #open} is called once on each
   */
  public Namespace(int nsid, Identity identity, Backend backend, int shards) {
    this.nsid = nsid;
    this.identity = identity;
    this.backend = backend;
    this.geometry = backend.geometry();
    this.blockShift = Integer.numberOfTrailingZeros(geometry.blockSizeBytes());
    this.blocks = geometry.blocks();
    this.readOnly = geometry.readOnly();
    this.queues = new BackendQueue[shards];
  }

  /** Opens the calling shard's queue; on that shard's thread. */
  public void open(Shard shard) {
    queues[shard.index()] = backend.queue(shard);
  }

  /** Closes the calling shard's queue; on that shard's thread, with nothing in flight. */
  public void close(Shard shard) {
    BackendQueue queue = queues[shard.index()];
    if (queue != null) {
      queue.close();
    }
  }

  /** The queue of a shard; that shard's thread only. */
  public BackendQueue queue(int shardIndex) {
    return queues[shardIndex];
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

  public Backend backend() {
    return backend;
  }

  public BackendGeometry geometry() {
    return geometry;
  }

  /** log2 of the block size: 9 or 12. */
  public int blockShift() {
    return blockShift;
  }

  public long blocks() {
    return blocks;
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
