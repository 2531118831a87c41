package io.mora.target.backend;

import io.mora.protocol.status.Status;
import io.mora.target.shard.Shard;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * A storage with a volatile cache that keeps a log of what was written and made durable, so that a
 * test can ask: had the power gone after any of these events, what would be on the medium?
 *
 * <p>An event is logged when the operation has ended and before its completion is reported. Whoever
 * was told of it therefore finds it in every later prefix of the log.
 */
public final class RecordingBackend implements Backend {
  /*
   * What a flush promises: writes completed before the flush was submitted. So the log remembers
   * for each flush how long the log was then, not only where the flush itself stands in it.
   *
   * Assumes: any number of shards. Guarantees: an event's number is taken after the operation
   * ended and before it is reported, so numbers agree with what hosts can know of the order.
   * Progress: no shard waits for another.
   */

  /**
   * Bytes of data the log may hold; beyond it writes fail, because a log with gaps proves nothing.
   */
  public static final long LOG_BYTES_MAX = 1L << 30;

  /** What an event did. */
  public enum Kind {
    WRITE,
    ZERO,
    FLUSH
  }

  /** One ended operation. */
  public static final class Event {
    /** 0-based place in the log. */
    private final long number;

    private final Kind kind;
    private final long offsetBytes;
    private final long lengthBytes;

    /** Written with Force Unit Access: durable by itself. */
    private final boolean forced;

    /** FLUSH: events of lower numbers are durable; else 0. */
    private final long covers;

    private final byte[] bytes;

    private Event(long number, Kind kind, IoRequest request, long covers, byte[] bytes) {
      this.number = number;
      this.kind = kind;
      this.offsetBytes = request.offsetBytes;
      this.lengthBytes = request.lengthBytes;
      this.forced = request.forceUnitAccess && request.op != IoRequest.DEALLOCATE;
      this.covers = covers;
      this.bytes = bytes;
    }

    public Kind kind() {
      return kind;
    }

    public long offsetBytes() {
      return offsetBytes;
    }

    public long lengthBytes() {
      return lengthBytes;
    }

    public boolean forced() {
      return forced;
    }

    private void applyTo(byte[] image) {
      int from = (int) offsetBytes;
      if (kind == Kind.WRITE) {
        System.arraycopy(bytes, 0, image, from, bytes.length);
      } else if (kind == Kind.ZERO) {
        Arrays.fill(image, from, from + (int) lengthBytes, (byte) 0);
      }
    }

    @Override
    public String toString() {
      return number + " " + kind + (forced ? " FUA " : " ") + offsetBytes + "+" + lengthBytes;
    }
  }

  private static final byte[] NOTHING = {};

  private final Backend inner;
  private final BackendGeometry geometry;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong loggedBytes = new AtomicLong();
  private final ConcurrentLinkedQueue<Event> log = new ConcurrentLinkedQueue<>();

  /** Records what passes to a storage that started all zeroes. */
  public RecordingBackend(Backend inner) {
    this.inner = inner;
    BackendGeometry g = inner.geometry();
    geometry =
        new BackendGeometry(
            g.sizeBytes(),
            g.blockSizeBytes(),
            true,
            g.deallocates(),
            g.readOnly(),
            g.optimalBlocks());
  }

  @Override
  public String description() {
    return "recorded " + inner.description();
  }

  @Override
  public BackendGeometry geometry() {
    return geometry;
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new Queue(inner.queue(shard));
  }

  @Override
  public void close() {
    inner.close();
  }

  /** The log so far in the order of its numbers; from any thread. */
  public List<Event> log() {
    List<Event> events = new ArrayList<>(log);
    events.sort((a, b) -> Long.compare(a.number, b.number));
    // A number may have been taken whose event is not yet in: what follows it is not a prefix.
    int whole = 0;
    while (whole < events.size() && events.get(whole).number == whole) {
      whole++;
    }
    return List.copyOf(events.subList(0, whole));
  }

  /**
   * The medium after a loss of power.
   *
   * @param events a prefix of {@link #log}
   * @param survives of the writes no completed flush or FUA covers: those that reached the medium
   *     all the same
   * @param sizeBytes of the image; at least what the events touch
   */
  public static byte[] mediumAfter(List<Event> events, Predicate<Event> survives, int sizeBytes) {
    long durable = 0;
    for (Event event : events) {
      durable = Math.max(durable, event.covers);
    }
    byte[] image = new byte[sizeBytes];
    for (Event event : events) {
      if (event.forced || event.number < durable || survives.test(event)) {
        event.applyTo(image);
      }
    }
    return image;
  }

  private final class Queue implements BackendQueue {
    private final BackendQueue storage;

    Queue(BackendQueue storage) {
      this.storage = storage;
    }

    @Override
    public void submit(IoRequest request) {
      boolean changes = request.op != IoRequest.READ && request.op != IoRequest.FLUSH;
      long growth = request.op == IoRequest.WRITE ? request.lengthBytes : 0;
      if (geometry.refusal(request) != Status.SUCCESS || request.op == IoRequest.READ) {
        storage.submit(request);
      } else if (changes && loggedBytes.addAndGet(growth) > LOG_BYTES_MAX) {
        request.complete(Status.CAPACITY_EXCEEDED | Status.DNR);
      } else {
        storage.submit(new Recorded(request, numbers.get()));
      }
    }

    @Override
    public int inFlight() {
      return storage.inFlight();
    }

    @Override
    public void close() {
      storage.close();
    }
  }

  /** Stands for a request inside, with a copy of its data as submitted. */
  private final class Recorded extends IoRequest {
    private final IoRequest outer;
    private final long submittedAt;
    private final byte[] bytes;

    Recorded(IoRequest outer, long submittedAt) {
      this.outer = outer;
      this.submittedAt = submittedAt;
      op = outer.op;
      offsetBytes = outer.offsetBytes;
      lengthBytes = outer.lengthBytes;
      data = outer.data;
      dataAt = outer.dataAt;
      address = outer.address;
      forceUnitAccess = outer.forceUnitAccess;
      mayDeallocate = outer.mayDeallocate;
      bytes = op == WRITE ? copy(Objects.requireNonNull(data), dataAt, (int) lengthBytes) : NOTHING;
    }

    private static byte[] copy(ByteBuf from, int at, int lengthBytes) {
      byte[] bytes = new byte[lengthBytes];
      from.getBytes(at, bytes);
      return bytes;
    }

    @Override
    public void complete(int status) {
      if (status == Status.SUCCESS) {
        Kind kind =
            switch (op) {
              case WRITE -> Kind.WRITE;
              case FLUSH -> Kind.FLUSH;
              default -> Kind.ZERO;
            };
        if (op != DEALLOCATE || geometry.deallocates()) {
          long covers = kind == Kind.FLUSH ? submittedAt : 0;
          log.add(new Event(numbers.getAndIncrement(), kind, this, covers, bytes));
        }
      }
      outer.complete(status);
    }
  }
}
