package io.mora.initiator.sync;

import io.mora.protocol.ConnectionException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an association's threads' queues are told; replaced whole, and each change is another
 * object.
 *
 * @param controller the one connected now or last; null before the first
 * @param epoch which connect it was, from 1
 * @param goneAt namespace ids under which one was lost or replaced, with the epoch that showed it
 * @param why there is no connection, or the last was left
 */
record GateState(
    Kind kind,
    @Nullable LiveController controller,
    long epoch,
    Map<Integer, Long> goneAt,
    ConnectionException why) {
  enum Kind {
    /** No controller: commands are held. */
    SHUT,
    /** Connected. */
    LIVE,
    /** No controller for too long: commands end. */
    FAILING,
    /** Connected, but nothing new is taken. */
    CLOSING,
    /** Ended for good. */
    OVER
  }

  GateState with(Kind newKind, ConnectionException newWhy) {
    return new GateState(newKind, controller, epoch, goneAt, newWhy);
  }

  /** Whether what was under that id in an earlier epoch is there no more. */
  boolean goneSince(int nsid, long earlier) {
    Long at = goneAt.get(nsid);
    return at != null && at > earlier;
  }
}
