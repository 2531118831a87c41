package io.mora.initiator.region;

import java.util.concurrent.CompletionStage;

/**
 * A range of blocks the controller was told to expect. Given to an I/O by {@code IoOptions.region};
 * while it is not valid (the connection was lost and it is being registered anew) such I/O runs as
 * if without.
 */
public final class RegisteredRegion implements AutoCloseable {
  /** What it is now. */
  public enum State {
    /** Commands name it. */
    VALID,
    /** The controller may have forgotten it; it is being told again. */
    STALE,
    /** Given back, or it could not be registered anew. */
    CLOSED
  }

  private final RegionTable table;
  private final int number;
  private final int nsid;
  private final long slba;
  private final long blocks;
  private final RegionUse use;
  private volatile State state = State.STALE;

  RegisteredRegion(RegionTable table, int number, int nsid, BlocksOf range, RegionUse use) {
    this.table = table;
    this.number = number;
    this.nsid = nsid;
    this.slba = range.slba();
    this.blocks = range.blocks();
    this.use = use;
  }

  /** A range of blocks. */
  record BlocksOf(long slba, long blocks) {}

  /** The slot to send with a command now; 0 while it is not valid. */
  public int slot() {
    return state == State.VALID ? number : 0;
  }

  int number() {
    return number;
  }

  public State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }

  public int nsid() {
    return nsid;
  }

  public long slba() {
    return slba;
  }

  public long blocks() {
    return blocks;
  }

  public RegionUse use() {
    return use;
  }

  /** Whether an I/O lies in it. */
  public boolean covers(int ofNsid, long at, long count) {
    return ofNsid == nsid && at >= slba && count <= blocks && at - slba <= blocks - count;
  }

  /** Gives it back; the stage completes when the controller has forgotten it, and never fails. */
  public CompletionStage<Void> remove() {
    return table.remove(this);
  }

  /** {@link #remove} without waiting. */
  @Override
  public void close() {
    CompletionStage<Void> ignored = remove();
    ignored.exceptionally(never -> null);
  }

  @Override
  public String toString() {
    return "region " + number + " of namespace " + nsid + ": " + slba + " + " + blocks;
  }
}
