package io.mora.initiator.path.io;

import java.util.concurrent.atomic.LongAdder;

/** What happened to I/O over several paths; any thread. */
public final class IoCounters {
  /** I/Os sent again by another path, or by the same when it was back. */
  public final LongAdder reissued = new LongAdder();

  /** Of those, the ones that had to wait until their first try was certain to be over. */
  public final LongAdder quiesced = new LongAdder();

  /** Reads that a path refused as too late, and that another was asked for. */
  public final LongAdder refusedElsewhere = new LongAdder();

  /** I/Os that ended without a path. */
  public final LongAdder unserved = new LongAdder();

  public final LongAdder hedgeEligible = new LongAdder();
  public final LongAdder hedgeSent = new LongAdder();
  public final LongAdder hedgeWon = new LongAdder();
  public final LongAdder hedgeLost = new LongAdder();
  public final LongAdder hedgeRefused = new LongAdder();
  public final LongAdder hedgeWasted = new LongAdder();

  /** Times a path stopped serving a namespace, and served it again. */
  public final LongAdder failovers = new LongAdder();

  public final LongAdder failbacks = new LongAdder();

  /** Time without any path, of all namespaces together. */
  public final LongAdder withoutPathNs = new LongAdder();
}
