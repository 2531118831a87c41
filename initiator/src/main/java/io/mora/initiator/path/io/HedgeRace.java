package io.mora.initiator.path.io;

import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.path.route.Route;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The two tries of a read, as one word that every thread changes by compare-and-set: the lowest
 * three bits say where it is, the rest which I/O of this place it is, so that who looked at an
 * earlier one changes nothing.
 *
 * <pre>
 * IDLE ─ arm ─► OPENING ─ accepted ─► SENT ─ hedge ─► HEDGED ─ first done ──► WON ─ second ends ─► IDLE
 *                  └──── ended ────────┴──► IDLE         ├──── second done ─► TAKING ─ first ends ─► IDLE
 *                                                        └──── one failed ──► ALONE ─ other ends ──► IDLE
 * </pre>
 */
final class HedgeRace {
  static final int IDLE = 0;

  /** Being handed to its queue; not to be hedged. */
  static final int OPENING = 1;

  /** One try. */
  static final int SENT = 2;

  /** It was time for a second, and there was no right to one. */
  static final int REFUSED = 3;

  /** Two tries. */
  static final int HEDGED = 4;

  /** Of two tries one has failed. */
  static final int ALONE = 5;

  /** The first has answered and the caller was told; the second ends some time. */
  static final int WON = 6;

  /** The second has answered; the caller is told when the first has let go of its buffer. */
  static final int TAKING = 7;

  private static final int BITS = 3;
  private static final long STEP = 1L << BITS;

  private final AtomicLong word = new AtomicLong();
  private volatile long dueNs;

  /** Of the second try. */
  final IoHandle handle = new IoHandle();

  final IoOptions options = new IoOptions();
  @Nullable Route route;
  @Nullable ByteBuffer buffer;
  private @Nullable IoResult kept;

  long word() {
    return word.get();
  }

  static int state(long word) {
    return (int) (word & (STEP - 1));
  }

  /** Another I/O, due for a second try at a time. */
  void arm(long atNs) {
    dueNs = atNs;
    long next = (word.get() >>> BITS) + 1;
    word.set(next << BITS | OPENING);
  }

  boolean isDue(long nowNs) {
    return nowNs - dueNs >= 0;
  }

  /** Moves on, unless somebody else did. */
  boolean move(long from, int toState) {
    return word.compareAndSet(from, from & -STEP | toState);
  }

  void keep(IoResult result) {
    kept = new KeptIo(result);
  }

  @Nullable IoResult kept() {
    return kept;
  }

  /** Lets go of what the second try used; its buffer, if it had one. */
  @Nullable ByteBuffer forget() {
    ByteBuffer had = buffer;
    buffer = null;
    route = null;
    kept = null;
    return had;
  }
}
