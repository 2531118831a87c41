package io.mora.initiator.io;

import io.mora.initiator.intent.Intent;
import org.jspecify.annotations.Nullable;

/**
 * Lets a caller cancel an I/O, or hasten it: given with {@link IoOptions#handle}, bound when the
 * I/O is accepted. May be used again once that has ended; for one I/O at a time.
 */
public final class IoHandle {
  /** Who carries the I/O, and can end it early. */
  public interface Canceller {
    /**
     * Ends it if the handle is still bound to it; any thread, returns at once.
     *
     * @param what the I/O
     * @param generation of the binding that is meant
     */
    void cancel(Object what, IoHandle handle, int generation);

    /** As {@link #cancel}, and does not wait for the controller where that can be avoided. */
    default void abandon(Object what, IoHandle handle, int generation) {
      cancel(what, handle, generation);
    }

    /** Has it go on as another intent says, if the handle is still bound to it; any thread. */
    default void hasten(Object what, IoHandle handle, int generation, Intent intent) {}
  }

  // Written before the I/O is handed over and where it ends; read by whoever cancels.
  private @Nullable Canceller canceller;
  private int generation;
  private volatile @Nullable Object what;

  /**
   * Asks for the I/O's early end, from any thread. It ends exactly once in any case: as {@link
   * IoOutcome#CANCELLED}, or as it would have if that was quicker. The buffer is the I/O's until
   * then.
   *
   * @return false if no I/O is under way
   */
  public boolean cancel() {
    Object bound = what;
    Canceller by = canceller;
    if (bound == null || by == null) {
      return false;
    }
    by.cancel(bound, this, generation);
    return true;
  }

  /**
   * As {@link #cancel}, but the I/O ends without waiting for the controller: its buffer is the
   * caller's again when it ends, what still arrives for it is dropped. Waits as {@link #cancel}
   * where data may be on its way into the buffer (a read that was cut, one that did not leave).
   */
  public boolean abandon() {
    Object bound = what;
    Canceller by = canceller;
    if (bound == null || by == null) {
      return false;
    }
    by.abandon(bound, this, generation);
    return true;
  }

  /**
   * Asks that a read go on, from where it is, as one of this intent: one made ahead that turned out
   * to be needed. Any thread. Where the controller offers that ({@code IntentGrant.hastening}) what
   * of it waits there gets the higher class and the budget, counted from the arrival of this; a
   * command that did not leave yet leaves with it, and one that is sent again, by whatever path,
   * does. Else, and for a class that is not higher, nothing changes. It only asks: nothing is told
   * of what came of it.
   *
   * @return false if no I/O is under way
   */
  public boolean hasten(Intent intent) {
    Object bound = what;
    Canceller by = canceller;
    if (bound == null || by == null) {
      return false;
    }
    by.hasten(bound, this, generation, intent.withoutExpire()); // Somebody waits.
    return true;
  }

  /** An I/O is bound and has not ended. */
  public boolean isUnderWay() {
    return what != null;
  }

  /** Binds it; by who accepts the I/O, before it is handed over. */
  public void bind(Canceller newCanceller, Object newWhat) {
    canceller = newCanceller;
    generation++;
    what = newWhat;
  }

  /** Whether it is bound to this I/O, by this binding; by the canceller. */
  public boolean isBound(Object to, int boundGeneration) {
    return what == to && generation == boundGeneration;
  }

  /** The I/O ended; by whoever ends it. */
  public void ended(Object which) {
    if (what == which) {
      what = null;
    }
  }
}
