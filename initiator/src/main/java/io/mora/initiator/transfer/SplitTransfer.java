package io.mora.initiator.transfer;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.ConsumptionListener;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.signals.Handoff;
import io.mora.protocol.NvmeException;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One I/O larger than a command may be: cut in pieces, ended once, with the first failure's status.
 *
 * <p>Filled in by the caller; the rest happens on the queue's loop. A few pieces are under way at a
 * time, so that one large I/O neither fills the queue nor waits a round trip a piece.
 */
public final class SplitTransfer implements IoCallback, IoResult, IoHandle.Canceller {
  /** Pieces under way. */
  private static final int WINDOW = 8;

  private static final long RETRY_MS = 1;
  private static final ByteBuffer NO_DATA = ByteBuffer.allocate(0);
  private static final IoCallback NOBODY = (context, status, result) -> {};

  private final HostQueuePair queue;
  private final int pieceBlocks;
  private int opcode;
  private int nsid;
  private long slba;
  private long blocks;
  private int cdw12;
  private ByteBuffer data = NO_DATA;
  private int dataAt;
  private int blockBytes;
  private boolean toHost;
  private IoCallback callback = NOBODY;
  private long context;
  private @Nullable Intent intent;
  private @Nullable RegisteredRegion region;
  private @Nullable IoHandle handle;
  private @Nullable IoConsumer consumer;

  // The loop's, after start.
  private long nextBlock;
  private int underWay;
  private boolean stopped;
  private int status;
  private int cid;

  /** What the piece that ended it was answered. */
  private long answer;

  private int retries;
  private long intendedStartNs;
  private long submittedNs;
  private long sentNs;
  private long completedNs;
  private int cdw2;
  private int cdw3;
  private int completionCpu = -1;
  private @Nullable NvmeException failure;

  public SplitTransfer(HostQueuePair queue, int pieceBlocks) {
    this.queue = queue;
    this.pieceBlocks = pieceBlocks;
  }

  public SplitTransfer range(int newOpcode, int newNsid, long newSlba, long newBlocks) {
    opcode = newOpcode;
    nsid = newNsid;
    slba = newSlba;
    blocks = newBlocks;
    return this;
  }

  public SplitTransfer options(IoOptions options, @Nullable Intent newIntent) {
    cdw12 = options.cdw12();
    intendedStartNs = options.intendedStartNs();
    region = options.region();
    handle = options.handle();
    intent = newIntent;
    return this;
  }

  public SplitTransfer send(ByteBuffer src, int bytes) {
    data = src;
    dataAt = src.position();
    blockBytes = (int) (bytes / blocks);
    return this;
  }

  public SplitTransfer receive(ByteBuffer dst, int bytes) {
    toHost = true;
    return send(dst, bytes);
  }

  /** Who goes on at its end, or null for the queue's loop. */
  public SplitTransfer consumer(@Nullable IoConsumer newConsumer) {
    consumer = newConsumer;
    return this;
  }

  public SplitTransfer callback(IoCallback newCallback, long newContext) {
    callback = newCallback;
    context = newContext;
    return this;
  }

  /** False if it is refused; the callback is then never called. */
  public boolean start() {
    PendingCommand first = queue.claim();
    if (first == null) {
      return false;
    }
    submittedNs = System.nanoTime();
    if (intendedStartNs == 0) {
      intendedStartNs = submittedNs;
    }
    fill(first, 0);
    nextBlock = Math.min(pieceBlocks, blocks);
    underWay = 1;
    IoHandle bound = handle;
    if (bound != null) {
      bound.bind(this, this); // Last: from now on it may be cancelled.
    }
    boolean more = nextBlock < blocks;
    queue.publish(first);
    if (more) {
      try {
        queue.loop().execute(this::proceed);
      } catch (RejectedExecutionException ended) {
        return true; // The first piece's end, which was told, went on.
      }
    }
    return true;
  }

  private void fill(PendingCommand command, long at) {
    int count = (int) Math.min(pieceBlocks, blocks - at);
    command.start(opcode, nsid).resend(true).intendedStartNs(intendedStartNs).callback(this, 0);
    if (intent != null) {
      command.intent(intent.cdw2(), intent.cdw3());
    }
    command.region(region);
    ReadWrite.write(command.sqe(), 0, slba + at, count, cdw12);
    int offset = dataAt + (int) (at * blockBytes);
    if (toHost) {
      command.receive(data, offset, count * blockBytes);
    } else if (blockBytes > 0) {
      command.send(data, offset, count * blockBytes);
    }
  }

  private void proceed() {
    while (!stopped && underWay < WINDOW && nextBlock < blocks) {
      PendingCommand command = queue.claimDirect();
      if (command == null) {
        command = queue.claim();
      }
      if (command == null) {
        retryLater();
        return;
      }
      fill(command, nextBlock);
      nextBlock += Math.min(pieceBlocks, blocks - nextBlock);
      underWay++;
      queue.publish(command);
    }
  }

  /** No place now: the end of a piece goes on, or if none is under way, a timer. */
  private void retryLater() {
    if (underWay > 0) {
      return;
    }
    if (queue.isAccepting()) {
      queue.loop().eventLoop().schedule(this::proceed, RETRY_MS, TimeUnit.MILLISECONDS);
    } else {
      stopped = true;
      status = Status.HOST_PATH_ERROR;
      failure = queue.failure();
      end();
    }
  }

  private void end() {
    IoHandle bound = handle;
    if (bound != null) {
      bound.ended(this);
    }
    Handoff.tell(this, consumer, callback, context);
  }

  @Override
  public void hasten(Object what, IoHandle which, int generation, Intent to) {
    try {
      queue
          .loop()
          .execute(
              () -> {
                if (toHost && which.isBound(what, generation)) {
                  hasten(to);
                }
              });
    } catch (RejectedExecutionException ended) {
      return; // So has everything on that loop.
    }
  }

  private void hasten(Intent to) {
    int own = intent == null ? 0 : intent.cdw3();
    if (queue.pendingClass(own) < to.latencyClass()) {
      intent = to; // Of pieces that are still to come.
      queue.hastenPieces(this, to);
    }
  }

  @Override
  public void cancel(Object what, IoHandle which, int generation) {
    try {
      queue
          .loop()
          .execute(
              () -> {
                if (which.isBound(what, generation)) {
                  stop();
                }
              });
    } catch (RejectedExecutionException ended) {
      return; // So has everything on that loop.
    }
  }

  /** No more pieces; those under way are aborted. */
  private void stop() {
    if (!stopped) {
      stopped = true;
      status = Status.ABORT_REQUESTED;
    }
    if (underWay == 0) {
      end(); // It waited for a place; no piece will end it.
    } else {
      queue.cancelPieces(this);
    }
  }

  @Override
  public void completed(long piece, int pieceStatus, IoResult result) {
    underWay--;
    retries += result.retries();
    completedNs = result.completedNs();
    completionCpu = result.completionCpu();
    cdw2 = result.cdw2();
    cdw3 = result.cdw3();
    if (sentNs == 0) {
      sentNs = result.sentNs();
    }
    boolean lost = result.failure() != null && result.sentNs() != 0;
    if (!Status.isSuccess(pieceStatus) && (!stopped || lost && failure == null)) {
      stopped = true; // A piece that may still be at work counts more than one that was answered.
      status = pieceStatus;
      cid = result.cid();
      failure = result.failure();
      answer = result.result();
    }
    if (!stopped && nextBlock < blocks) {
      proceed();
    } else if (underWay == 0) {
      end();
    }
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long result() {
    return answer;
  }

  @Override
  public int opcode() {
    return opcode;
  }

  @Override
  public int cid() {
    return cid;
  }

  @Override
  public int retries() {
    return retries;
  }

  @Override
  public long intendedStartNs() {
    return intendedStartNs;
  }

  @Override
  public long submittedNs() {
    return submittedNs;
  }

  @Override
  public long sentNs() {
    return sentNs;
  }

  @Override
  public long completedNs() {
    return completedNs;
  }

  @Override
  public int cdw2() {
    return cdw2;
  }

  @Override
  public int cdw3() {
    return cdw3;
  }

  @Override
  public int completionCpu() {
    return completionCpu;
  }

  /** Its pieces are measured. */
  @Override
  public @Nullable ConsumptionListener consumption() {
    return queue.signals();
  }

  @Override
  public @Nullable NvmeException failure() {
    return failure;
  }
}
