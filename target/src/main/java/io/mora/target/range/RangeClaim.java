package io.mora.target.range;

import java.util.concurrent.atomic.AtomicBoolean;

/** Somebody's place in the line for a range of a namespace. */
public abstract class RangeClaim {
  private final long offsetBytes;
  private final long endBytes;
  private final boolean exclusive;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param exclusive nobody else may change the range while it is granted; others of these wait for
   *     those only
   */
  protected RangeClaim(long offsetBytes, long lengthBytes, boolean exclusive) {
    this.offsetBytes = offsetBytes;
    this.endBytes = offsetBytes + lengthBytes;
    this.exclusive = exclusive;
  }

  /**
   * Its turn has come. Called once, by any thread, also when it is being removed just then; must
   * not do more than pass it on.
   */
  protected abstract void granted();

  public long offsetBytes() {
    return offsetBytes;
  }

  public long lengthBytes() {
    return endBytes - offsetBytes;
  }

  boolean isExclusive() {
    return exclusive;
  }

  boolean overlaps(long offset, long length) {
    return offset < endBytes && offsetBytes < offset + length;
  }

  /** Whether this one, which came later, has to wait for that one. */
  boolean waitsFor(RangeClaim earlier) {
    return (exclusive || earlier.exclusive) && overlaps(earlier.offsetBytes, earlier.lengthBytes());
  }

  void grant() {
    if (told.compareAndSet(false, true)) {
      granted();
    }
  }
}
