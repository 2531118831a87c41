package io.mora.initiator.locality;

import io.mora.initiator.queue.HostQueuePair;
import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.PinnedThreads;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An association's I/O queues and the choice among them: nearest to the CPU of whoever consumes.
 *
 * <p>A queue is where its loop was last seen reading from the socket. One whose loop was pinned and
 * runs elsewhere is put back; where that is refused, and for loops that are not pinned, the choice
 * follows the queue.
 *
 * <p>Threads: {@link #queues(HostQueuePair[])} and {@link #tick} on the home loop, the rest any.
 */
public final class QueueSelector {
  private static final Logger LOG = LoggerFactory.getLogger(QueueSelector.class);
  private static final HostQueuePair[] NONE = {};

  /** Ticks between two attempts to put a queue back, which shows at its next read only. */
  private static final int PATIENCE = 5;

  private final QueueChooser chooser;
  private final AtomicLong repairs = new AtomicLong();
  private volatile HostQueuePair[] queues = NONE;
  private volatile boolean pinned;
  private int[] patience = {};

  public QueueSelector(CpuTopology topology) {
    chooser = new QueueChooser(topology);
  }

  public HostQueuePair[] queues() {
    return queues;
  }

  /** Times a queue was put back or the choice followed one. */
  public long repairs() {
    return repairs.get();
  }

  /** Connected, over these. */
  public void queues(HostQueuePair[] now) {
    patience = new int[now.length];
    boolean all = now.length > 0;
    for (HostQueuePair queue : now) {
      all &= queue.loop().pinnedCpu() >= 0;
    }
    chooser.update(places(now));
    pinned = all;
    queues = now;
  }

  private static int[] places(HostQueuePair[] all) {
    int[] places = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      int seen = all[i].drainCpu();
      places[i] = seen >= 0 ? seen : all[i].loop().pinnedCpu();
    }
    return places;
  }

  /**
   * The queue for a consumer: nearest to its CPU; without one that of the calling loop, or nearest
   * to the caller where the loops are pinned, or else by the calling thread.
   *
   * @throws NoSuchElementException if there are none
   */
  public HostQueuePair queueFor(@Nullable IoConsumer consumer) {
    HostQueuePair[] all = queues;
    if (all.length == 0) {
      throw new NoSuchElementException("a discovery controller has no I/O queues");
    }
    if (consumer != null && consumer.cpu() >= 0) {
      return all[chooser.choose(consumer.cpu(), consumer.tag())];
    }
    Thread thread = Thread.currentThread();
    if (thread instanceof FastThreadLocalThread) {
      for (HostQueuePair queue : all) {
        if (queue.loop().inLoop()) {
          return queue;
        }
      }
    }
    int cpu = pinned ? ThreadCpu.current() : IoConsumer.ANYWHERE;
    return all[chooser.choose(cpu, (int) thread.getId())];
  }

  /** Looks where the queues run, and repairs. */
  public void tick() {
    HostQueuePair[] all = queues;
    int[] places = places(all);
    for (int i = 0; i < all.length; i++) {
      int wanted = all[i].loop().pinnedCpu();
      if (wanted < 0 || places[i] == wanted) {
        patience[i] = 0;
      } else if (patience[i] > 0) {
        patience[i]--;
      } else {
        patience[i] = PATIENCE;
        repairs.incrementAndGet();
        putBack(all[i], wanted);
      }
    }
    if (chooser.update(places) && !pinned) {
      repairs.incrementAndGet();
    }
  }

  private static void putBack(HostQueuePair queue, int cpu) {
    queue
        .loop()
        .execute(
            () -> {
              String problem = PinnedThreads.pinThisThread(cpu);
              if (problem != null) {
                LOG.warn("queue {} cannot be put back to CPU {}: {}", queue.qid(), cpu, problem);
              }
            });
  }
}
