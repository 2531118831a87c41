package io.mora.target.backend.stripe;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import org.jspecify.annotations.Nullable;

/**
 * A shard's operations on a {@link StripeBackend}: cut at the ends of chunks, each piece to its
 * member, all at once; done when the last is, with the status of the first that failed.
 *
 * <p>What moves no data is cut by member instead, because a member's chunks of a range are
 * neighbours there: zeroing a terabyte is an operation for each member.
 */
final class StripeQueue implements BackendQueue {
  private final StripeBackend backend;
  private final StripeLayout layout;
  private final BackendQueue[] members;
  private @Nullable Piece freePiece;
  private @Nullable Whole freeWhole;

  StripeQueue(StripeBackend backend, StripeLayout layout, BackendQueue[] members) {
    this.backend = backend;
    this.layout = layout;
    this.members = members;
  }

  @Override
  public void submit(IoRequest request) {
    BackendGeometry geometry = backend.geometry();
    int refusal = geometry.refusal(request);
    boolean ignored = request.op == IoRequest.DEALLOCATE && !geometry.deallocates();
    if (refusal != Status.SUCCESS || ignored) {
      request.complete(refusal);
      return;
    }
    Whole whole = takeWhole(request);
    switch (request.op) {
      case IoRequest.READ, IoRequest.WRITE -> byChunk(whole, request);
      case IoRequest.FLUSH -> flush(whole, request);
      default -> byMember(whole, request);
    }
    whole.pieceDone(Status.SUCCESS); // The one that kept it open while pieces were made.
  }

  private void byChunk(Whole whole, IoRequest request) {
    long length = request.lengthBytes;
    long piece;
    for (long done = 0; done < length; done += piece) {
      long offset = request.offsetBytes + done;
      piece = Math.min(length - done, layout.leftInChunk(offset));
      Piece part = take(whole, request, layout.offsetIn(offset), piece);
      part.data = request.data;
      part.dataAt = request.dataAt + (int) done;
      part.address = request.address == 0 ? 0 : request.address + done;
      members[layout.memberOf(offset)].submit(part);
    }
  }

  private void flush(Whole whole, IoRequest request) {
    for (BackendQueue member : members) {
      member.submit(take(whole, request, 0, 0));
    }
  }

  private void byMember(Whole whole, IoRequest request) {
    long end = request.offsetBytes + request.lengthBytes;
    for (int i = 0; i < members.length; i++) {
      long from = layout.before(i, request.offsetBytes);
      long to = layout.before(i, end);
      if (to > from) {
        members[i].submit(take(whole, request, from, to - from));
      }
    }
  }

  @Override
  public int inFlight() {
    int sum = 0;
    for (BackendQueue member : members) {
      sum += member.inFlight();
    }
    return sum;
  }

  @Override
  public void close() {
    for (BackendQueue member : members) {
      member.close();
    }
  }

  private Whole takeWhole(IoRequest request) {
    Whole whole = freeWhole == null ? new Whole() : freeWhole;
    freeWhole = whole.next;
    whole.request = request;
    whole.left = 1;
    whole.status = Status.SUCCESS;
    return whole;
  }

  private Piece take(Whole whole, IoRequest request, long offset, long length) {
    Piece piece = freePiece == null ? new Piece() : freePiece;
    freePiece = piece.next;
    whole.left++;
    piece.whole = whole;
    piece.op = request.op;
    piece.offsetBytes = offset;
    piece.lengthBytes = length;
    piece.forceUnitAccess = request.forceUnitAccess;
    piece.mayDeallocate = request.mayDeallocate;
    return piece;
  }

  /** An operation and how many of its pieces are out; there are as many as were ever at once. */
  private final class Whole {
    private @Nullable IoRequest request;
    private @Nullable Whole next;
    private int left;
    private int status;

    void pieceDone(int outcome) {
      if (Status.isSuccess(status)) {
        status = outcome;
      }
      IoRequest done = request;
      if (--left == 0 && done != null) {
        request = null;
        next = freeWhole;
        freeWhole = this;
        done.complete(status);
      }
    }
  }

  /** What one member does of an operation; reused. */
  private final class Piece extends IoRequest {
    private @Nullable Whole whole;
    private @Nullable Piece next;

    @Override
    public void complete(int status) {
      Whole of = whole;
      if (of == null) {
        throw new IllegalStateException("completed twice");
      }
      whole = null;
      data = null;
      next = freePiece;
      freePiece = this;
      of.pieceDone(status);
    }
  }
}
