package io.mora.initiator.signals;

import io.mora.initiator.io.EndedIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.locality.ThreadCpu;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A result on its way to its consumer's executor. One object an I/O. */
public final class Handoff extends EndedIo implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Handoff.class);

  private final IoConsumer consumer;
  private final @Nullable QueueSignals signals;
  private final IoCallback callback;
  private final long context;

  private Handoff(IoResult io, IoConsumer consumer, IoCallback callback, long context) {
    super(io);
    this.consumer = consumer;
    this.signals = measured(io);
    this.callback = callback;
    this.context = context;
  }

  /** Who measures it; of a cut I/O the pieces were. */
  private static @Nullable QueueSignals measured(IoResult io) {
    boolean cut = io instanceof IoCallback;
    return !cut && io.consumption() instanceof QueueSignals known ? known : null;
  }

  /**
   * Tells a callback on the consumer's executor; here if there is none or it refuses, because
   * nobody may wait for ever.
   */
  public static void tell(
      IoResult io, @Nullable IoConsumer consumer, IoCallback callback, long context) {
    Executor executor = consumer == null ? null : consumer.executor();
    if (consumer == null || executor == null) {
      callback.completed(context, io.status(), io);
      return;
    }
    Handoff handoff = new Handoff(io, consumer, callback, context);
    try {
      executor.execute(handoff);
    } catch (RuntimeException | Error refused) { // An Error: no thread could be made.
      handoff.run();
    }
  }

  @Override
  public void run() {
    int cpu = ThreadCpu.current();
    ready(System.nanoTime(), cpu);
    consumer.ranOn(cpu);
    QueueSignals known = signals;
    if (known != null) {
      known.ended(this, true);
    }
    try {
      callback.completed(context, status(), this);
    } catch (RuntimeException | Error e) {
      LOG.error("a completion callback failed", e);
    }
  }
}
