package io.mora.target.cache;

import io.mora.target.backend.Keeper;

/** Why a page is kept, and on whose account. Immutable but for its end. */
public final class HotClaim implements Keeper {
  /** The claim is over: anybody may have the page's place. */
  static final int NOTHING = 0;

  /** In a registered region. */
  static final int REGION = 1;

  /** Hot metadata: goes for its like or for pins only. */
  static final int METADATA = 2;

  /** In a pinned region: stays until that is removed or the blocks change. */
  static final int PINNED = 3;

  private final HotShare share;
  private final int level;
  private volatile boolean released;

  HotClaim(HotShare share, int level) {
    this.share = share;
    this.level = level;
  }

  HotShare share() {
    return share;
  }

  int level() {
    return released ? NOTHING : level;
  }

  void release() {
    released = true;
  }
}
