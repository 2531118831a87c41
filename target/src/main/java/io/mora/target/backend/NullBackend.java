package io.mora.target.backend;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.os.ZeroPages;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;

/** Storage of any size that forgets: reads give zeroes, writes vanish. For measuring the rest. */
public final class NullBackend implements Backend, BackendQueue {
  private volatile BackendGeometry geometry;

  public NullBackend(long sizeBytes, int blockSizeBytes) {
    geometry = new BackendGeometry(sizeBytes, blockSizeBytes, false, true, false, 1);
  }

  @Override
  public String description() {
    return "null";
  }

  @Override
  public BackendGeometry geometry() {
    return geometry;
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws Problem {
    BackendGeometry resized = geometry.resized(sizeBytes);
    geometry = resized;
    return resized;
  }

  /** The backend itself: there is no state to keep apart. */
  @Override
  public BackendQueue queue(Shard shard) {
    return this;
  }

  @Override
  public void submit(IoRequest request) {
    int refusal = geometry.refusal(request);
    ByteBuf data = request.data;
    if (refusal == Status.SUCCESS && request.op == IoRequest.READ && data != null) {
      // The buffer held somebody else's data: a host must never see it.
      ZeroPages.fill(data, request.dataAt, (int) request.lengthBytes);
    }
    request.complete(refusal);
  }

  @Override
  public int inFlight() {
    return 0;
  }

  @Override
  public void close() {}
}
