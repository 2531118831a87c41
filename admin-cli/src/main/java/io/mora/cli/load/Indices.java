package io.mora.cli.load;

/** Which I/O of the region a slot does next. One thread asks. */
interface Indices {
  /** Returned when there is no more to do. */
  long END = -1;

  /**
   * The next index.
   *
   * @param slot 0 to the queue's depth - 1
   */
  long next(int slot);

  /** Anywhere in the region. */
  static Indices random(long count, Dice dice) {
    return slot -> dice.below(count);
  }

  /** From a start to the end of the region, then from its beginning, for ever. */
  static Indices sequential(long count, long start) {
    return new Indices() {
      private long next = start;

      @Override
      public long next(int slot) {
        long index = next;
        next = index + 1 < count ? index + 1 : 0;
        return index;
      }
    };
  }

  /** Every index {@code first}, {@code first + step}... once. */
  static Indices sweep(long count, long first, long step) {
    return new Indices() {
      private long next = first;

      @Override
      public long next(int slot) {
        long index = next;
        if (index >= count) {
          return END;
        }
        next = index + step;
        return index;
      }
    };
  }

  /**
   * Anywhere, but no index is ever another slot's: what a slot wrote last is what it must read.
   * Slots beyond the region's end have nothing to do.
   *
   * @param firstLane this queue's first of all slots
   * @param lanes all slots of all queues
   */
  static Indices apart(long count, long firstLane, long lanes, Dice dice) {
    return slot -> {
      long lane = firstLane + slot;
      long mine = (count - lane + lanes - 1) / lanes;
      return lane >= count ? END : lane + lanes * dice.below(mine);
    };
  }
}
