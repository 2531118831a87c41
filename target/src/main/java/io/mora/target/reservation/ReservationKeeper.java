package io.mora.target.reservation;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/** Where the reservation of one namespace is kept through a loss of power. */
public interface ReservationKeeper {
  /**
   * Runs tasks one after the other, in their order, on a thread that may wait; any thread.
   *
   * @return false if it does not run this one: too many wait
   * @throws RejectedExecutionException if it runs no more
   */
  boolean execute(Runnable task);

  /**
   * Runs a task as {@link #execute} does, after all of this namespace that wait, however many, and
   * before those of others.
   *
   * @throws RejectedExecutionException if it runs no more
   */
  void executeFirst(Runnable task);

  /**
   * Makes a state the one that is found after a loss of power: none, where it is not to outlive the
   * target. Within a task of these.
   *
   * @throws IOException if it may not have become durable; the one before may be found then, or
   *     this one
   */
  void keep(ReservationState state) throws IOException;
}
