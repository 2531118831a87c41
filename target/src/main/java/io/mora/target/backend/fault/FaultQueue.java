package io.mora.target.backend.fault;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import java.util.concurrent.TimeUnit;

/** A shard's operations at a {@link FaultBackend}; what meets no fault passes at no cost. */
final class FaultQueue implements BackendQueue {
  private final FaultBackend backend;
  private final BackendQueue inner;
  private final IoLoop loop;
  private int stalled;

  FaultQueue(FaultBackend backend, BackendQueue inner, IoLoop loop) {
    this.backend = backend;
    this.inner = inner;
    this.loop = loop;
  }

  @Override
  public void submit(IoRequest request) {
    boolean possible = backend.geometry().refusal(request) == Status.SUCCESS;
    FaultRule rule = possible ? backend.hit(request) : null;
    if (rule == null) {
      inner.submit(request);
    } else if (rule.stallNs() == 0) {
      act(rule, request);
    } else {
      stalled++;
      loop.eventLoop()
          .schedule(() -> stalledUntilNow(rule, request), rule.stallNs(), TimeUnit.NANOSECONDS);
    }
  }

  private void stalledUntilNow(FaultRule rule, IoRequest request) {
    stalled--;
    act(rule, request);
  }

  private void act(FaultRule rule, IoRequest request) {
    if (rule.torn() && request.lengthBytes > 0) {
      tear(rule, request);
    } else if (rule.status() != Status.SUCCESS) {
      request.complete(rule.status());
    } else {
      inner.submit(request);
    }
  }

  private void tear(FaultRule rule, IoRequest request) {
    int block = backend.geometry().blockSizeBytes();
    long kept = rule.kept(request.lengthBytes / block);
    if (kept == 0) {
      request.complete(rule.status());
    } else {
      inner.submit(new Torn(request, kept * block, rule.status()));
    }
  }

  @Override
  public int inFlight() {
    return stalled + inner.inFlight();
  }

  @Override
  public void close() {
    inner.close();
  }

  /** The part of a write that reaches the storage. */
  private static final class Torn extends IoRequest {
    private final IoRequest whole;
    private final int status;

    /**
     * @param status what the whole ends with if the part is written
     */
    Torn(IoRequest whole, long keptBytes, int status) {
      this.whole = whole;
      this.status = status;
      op = whole.op;
      offsetBytes = whole.offsetBytes;
      lengthBytes = keptBytes;
      data = whole.data;
      dataAt = whole.dataAt;
      address = whole.address;
      forceUnitAccess = whole.forceUnitAccess;
    }

    @Override
    public void complete(int outcome) {
      whole.complete(Status.isSuccess(outcome) ? status : outcome);
    }
  }
}
