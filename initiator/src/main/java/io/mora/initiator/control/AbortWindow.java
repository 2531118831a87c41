package io.mora.initiator.control;

import io.mora.initiator.io.RawCommand;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Sqe;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends Abort, at most as many at a time as the controller takes (ACL); the rest wait, and beyond
 * {@value #WAITING_MAX} are not sent at all: their commands run to their end. On the admin queue's
 * loop, but for the counts.
 */
public final class AbortWindow {
  /** Aborts that may wait. */
  public static final int WAITING_MAX = 4096;

  private static final int CID_SHIFT = 16;
  private static final int NOT_ABORTED = 1;

  private final AdminQueue admin;
  private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();
  private int limit = 1;
  private int outstanding;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong aborted = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();

  private record Wanted(int qid, int cid, Runnable settled) {}

  public AbortWindow(AdminQueue admin) {
    this.admin = admin;
  }

  /** How many the controller takes at a time, at least 1. */
  public void limit(int newLimit) {
    limit = Math.max(1, newLimit);
  }

  /**
   * Aborts a command.
   *
   * @param settled run once, when its identifier may be used again
   */
  public void abort(int qid, int cid, Runnable settled) {
    if (waiting.size() >= WAITING_MAX) {
      skipped.incrementAndGet();
      settled.run();
      return;
    }
    waiting.add(new Wanted(qid, cid, settled));
    sendWaiting();
  }

  private void sendWaiting() {
    while (outstanding < limit && !waiting.isEmpty()) {
      Wanted next = waiting.remove();
      outstanding++;
      sent.incrementAndGet();
      RawCommand command =
          new RawCommand(AdminOpcode.ABORT, 0)
              .dword(Sqe.CDW10, next.cid() << CID_SHIFT | next.qid());
      admin
          .submit(command)
          .whenComplete(
              (done, failure) -> {
                outstanding--;
                if (failure == null && (done.dw0() & NOT_ABORTED) == 0) {
                  aborted.incrementAndGet();
                }
                next.settled().run();
                admin.pair().loop().execute(this::sendWaiting);
              });
    }
  }

  /** Aborts sent. */
  public long sent() {
    return sent.get();
  }

  /** Of those, that the controller says it carried out. */
  public long aborted() {
    return aborted.get();
  }

  /** Never sent because too many waited. */
  public long skipped() {
    return skipped.get();
  }
}
