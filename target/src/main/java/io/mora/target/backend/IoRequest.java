package io.mora.target.backend;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a namespace's storage, owned by one shard and reused for ever.
 *
 * <p>The controller fills the public fields and calls {@link BackendQueue#submit}; from then until
 * {@link #complete} only the backend touches it. All of it happens on the shard's thread.
 */
public abstract class IoRequest {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int FLUSH = 3;
  public static final int WRITE_ZEROES = 4;
  public static final int DEALLOCATE = 5;

  /** READ .. DEALLOCATE. */
  public int op;

  /** First byte in the namespace; a multiple of its block size. */
  public long offsetBytes;

  /** Length in bytes; a multiple of the block size, 0 for FLUSH. Above 2 GiB only without data. */
  public long lengthBytes;

  /**
   * The data of READ and WRITE: lengthBytes from {@link #dataAt} on of this direct buffer. Indices
   * are not used and not moved.
   */
  public @Nullable ByteBuf data;

  /**
   * READ of storage that is a {@link Lender}: the data stays where it is and is asked of the lender
   * when it is sent.
   */
  public boolean inPlace;

  /** Where in {@link #data} the operation's bytes start, a multiple of 4 KiB. */
  public int dataAt;

  /** Native address of byte {@link #dataAt} of {@link #data}, a multiple of 4 KiB. */
  public long address;

  /** WRITE, WRITE_ZEROES: durable before completion. */
  public boolean forceUnitAccess;

  /** WRITE_ZEROES: the blocks may be deallocated as long as they read back as zeroes. */
  public boolean mayDeallocate;

  /** READ: on whose account the data may be kept in memory; null for nobody's. */
  public @Nullable Keeper keeper;

  /** For the backend alone: its slot of this request, and how far it has come. */
  public int backendTag = -1;

  public long backendProgress;

  /** Link of the one {@link Fifo} this request is in, while a backend holds it back. */
  @Nullable IoRequest backendNext;

  /**
   * Ends the operation; called exactly once a submit, on the shard's thread, possibly from within
   * {@link BackendQueue#submit}.
   *
   * @param status a packed {@link io.mora.protocol.status.Status}
   */
  public abstract void complete(int status);

  /** Whether it touches bytes from {@code sizeBytes} on. */
  public boolean reachesPast(long sizeBytes) {
    return op != FLUSH && offsetBytes + lengthBytes > sizeBytes;
  }

  /**
   * Requests held back by a backend's queue, in order; linked through them, so it costs nothing.
   */
  public static final class Fifo {
    private @Nullable IoRequest head;
    private @Nullable IoRequest tail;
    private int size;

    public void add(IoRequest request) {
      request.backendNext = null;
      if (tail == null) {
        head = request;
      } else {
        tail.backendNext = request;
      }
      tail = request;
      size++;
    }

    public @Nullable IoRequest poll() {
      IoRequest first = head;
      if (first != null) {
        head = first.backendNext;
        if (head == null) {
          tail = null;
        }
        first.backendNext = null;
        size--;
      }
      return first;
    }

    /** How many reach past a byte. */
    public int beyond(long sizeBytes) {
      int count = 0;
      for (IoRequest each = head; each != null; each = each.backendNext) {
        count += each.reachesPast(sizeBytes) ? 1 : 0;
      }
      return count;
    }

    public int size() {
      return size;
    }
  }
}
