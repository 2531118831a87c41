package io.mora.target.cache;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * A shard's way to a namespace's storage through the hot tier: announces every change and keeps
 * what reads with a claim bring. The shard's thread only.
 */
final class HotQueue implements BackendQueue {
  private final HotSpace space;
  private final BackendQueue storage;
  private @Nullable Passage free;

  HotQueue(HotSpace space, BackendQueue storage) {
    this.space = space;
    this.storage = storage;
  }

  @Override
  public void submit(IoRequest request) {
    switch (request.op) {
      case IoRequest.READ -> read(request);
      case IoRequest.WRITE, IoRequest.WRITE_ZEROES, IoRequest.DEALLOCATE -> {
        space.begin(request.offsetBytes, request.lengthBytes);
        storage.submit(take().of(request, HotSpace.CHANGING));
      }
      default -> storage.submit(request);
    }
  }

  private void read(IoRequest request) {
    boolean wanted =
        request.keeper instanceof HotClaim && request.lengthBytes <= HotTier.READ_BYTES_MAX;
    long stamp = wanted ? space.stamp(request.offsetBytes, request.lengthBytes) : HotSpace.CHANGING;
    storage.submit(stamp == HotSpace.CHANGING ? request : take().of(request, stamp));
  }

  @Override
  public int inFlight() {
    return storage.inFlight();
  }

  @Override
  public void close() {
    storage.close();
  }

  private Passage take() {
    Passage passage = free;
    if (passage == null) {
      return new Passage();
    }
    free = passage.next;
    return passage;
  }

  /** Stands for a request at the storage; there are as many as were ever there at once. */
  private final class Passage extends IoRequest {
    private @Nullable IoRequest outer;
    private long stamp;
    private @Nullable Passage next;

    Passage of(IoRequest request, long newStamp) {
      outer = request;
      stamp = newStamp;
      op = request.op;
      offsetBytes = request.offsetBytes;
      lengthBytes = request.lengthBytes;
      data = request.data;
      dataAt = request.dataAt;
      address = request.address;
      forceUnitAccess = request.forceUnitAccess;
      mayDeallocate = request.mayDeallocate;
      return this;
    }

    @Override
    public void complete(int status) {
      IoRequest request = outer;
      if (request == null) {
        throw new IllegalStateException("completed twice");
      }
      if (op != READ) {
        space.end(offsetBytes, lengthBytes);
      } else if (Status.isSuccess(status) && request.keeper instanceof HotClaim claim) {
        space.keep(request, claim, stamp);
      }
      outer = null;
      data = null;
      next = free;
      free = this;
      request.complete(status);
    }
  }
}
