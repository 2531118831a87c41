package io.mora.target.cache;

/** A range of a namespace that a host registered; immutable but for its end. */
public final class HotRegion {
  private final HotSpace space;
  private final long offsetBytes;
  private final long lengthBytes;
  private final boolean pinned;
  private final HotClaim claim;

  /** Format, resize and detach end every region of a namespace: this tells them. */
  private final long born;

  /**
   * @param space of the namespace the range lies in; the caller has checked that it does
   * @param pinned to be kept until it is removed
   */
  public HotRegion(
      HotSpace space, HotShare share, long offsetBytes, long lengthBytes, boolean pinned) {
    this.space = space;
    this.offsetBytes = offsetBytes;
    this.lengthBytes = lengthBytes;
    this.pinned = pinned;
    this.claim = new HotClaim(share, pinned ? HotClaim.PINNED : HotClaim.REGION);
    this.born = space.drops();
  }

  /** For reads that name this region and are {@link #covers covered} by it. */
  public HotClaim claim() {
    return claim;
  }

  /** False when it was removed or its namespace is another one now. */
  public boolean isLive() {
    return claim.level() != HotClaim.NOTHING && space.drops() == born;
  }

  /** True if a read lies in it. */
  public boolean covers(HotSpace of, long readOffsetBytes, long readLengthBytes) {
    return of == space
        && readOffsetBytes >= offsetBytes
        && readOffsetBytes + readLengthBytes <= offsetBytes + lengthBytes;
  }

  boolean reserve() {
    return !pinned || claim.share().takePinned(lengthBytes);
  }

  void end() {
    if (pinned) {
      claim.share().givePinned(lengthBytes);
    }
    claim.release();
  }
}
