package io.mora.initiator.path.io;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The I/Os of a namespace, made when first needed and used again.
 *
 * <p>Assumes: who takes one gives it back once. Guarantees: nobody else has it meanwhile. Progress:
 * a stack of indices under one word that is compared and set; its upper half counts changes, so
 * that an index that was taken and given back in between is noticed.
 */
final class PathIoPool {
  private static final int NONE = -1;

  private final int most;
  private final IntFunction<PathIo> maker;
  private final AtomicReferenceArray<@Nullable PathIo> made;
  private final AtomicIntegerArray below;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong top = new AtomicLong(word(0, NONE));

  PathIoPool(int most, IntFunction<PathIo> maker) {
    this.most = most;
    this.maker = maker;
    this.made = new AtomicReferenceArray<>(most);
    this.below = new AtomicIntegerArray(most);
  }

  private static long word(long changes, int index) {
    return changes << 32 | index & 0xFFFF_FFFFL;
  }

  /** One to use, or null if as many as may be are in use. */
  @Nullable PathIo take() {
    while (true) {
      long before = top.get();
      int index = (int) before;
      if (index == NONE) {
        return make();
      }
      if (top.compareAndSet(before, word((before >>> 32) + 1, below.get(index)))) {
        return made.get(index);
      }
    }
  }

  private @Nullable PathIo make() {
    int index = count.get();
    while (index < most) {
      if (count.compareAndSet(index, index + 1)) {
        PathIo io = maker.apply(index);
        made.set(index, io);
        return io;
      }
      index = count.get();
    }
    return null;
  }

  void giveBack(PathIo io) {
    int index = io.index();
    while (true) {
      long before = top.get();
      below.set(index, (int) before);
      if (top.compareAndSet(before, word((before >>> 32) + 1, index))) {
        return;
      }
    }
  }

  /** How many were made; {@link #at} below it. */
  int count() {
    return count.get();
  }

  /** One of those made, in use or not; null while it is being made. */
  @Nullable PathIo at(int index) {
    return made.get(index);
  }
}
