package io.mora.target.backend;

import io.mora.target.shard.Shard;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A storage's geometry while shards use it, and the one way to change its size.
 *
 * <p>Assumes: one control thread resizes at a time; every queue asks {@link #geometry} before it
 * starts an operation, also one that waited. Guarantees: nothing is cut off while an operation is
 * under way on it, and none reaches it afterwards. Progress: shards never wait; the control thread
 * waits for them, at most {@link #DRAIN_MS_MAX}.
 */
public final class LiveSize {
  /*
   * A smaller size is published first. Then each shard is asked, on its own thread, what it still
   * has under way past the new end: once all have answered none, nobody can be between the look at
   * the old geometry and the start of an operation either, because that is within one task of a
   * shard. Only then is the medium cut.
   */

  /** Longest wait for operations past a new end; then the size stays as it was. */
  public static final long DRAIN_MS_MAX = 10_000;

  private static final long PAUSE_MS = 1;

  /** A shard's queue. */
  @FunctionalInterface
  public interface User {
    /**
     * Operations it has, at the device or held back, that reach past a byte; its shard's thread.
     */
    int beyond(long sizeBytes);
  }

  /** What holds the bytes. */
  @FunctionalInterface
  public interface Medium {
    /**
     * Makes it so long; what is added reads as zeroes. All of it or nothing.
     *
     * @throws IOException if it stays as it was
     */
    void setSize(long sizeBytes) throws IOException;
  }

  private record Entry(Shard shard, User user) {}

  private final CopyOnWriteArrayList<Entry> users = new CopyOnWriteArrayList<>();
  private volatile BackendGeometry geometry;

  public LiveSize(BackendGeometry geometry) {
    this.geometry = geometry;
  }

  /** As it is now; any thread. */
  public BackendGeometry geometry() {
    return geometry;
  }

  /** A queue is used from now on; before it looks at {@link #geometry}. */
  public void opened(Shard shard, User user) {
    users.add(new Entry(shard, user));
  }

  /** A queue is used no more; its shard's thread. */
  public void closed(User user) {
    users.removeIf(entry -> entry.user == user);
  }

  /**
   * Changes the size of the medium and publishes it; a control thread.
   *
   * @throws BackendOptions.Problem if the size is no positive multiple of the block size
   * @throws IOException if it cannot be; the size is then as it was
   */
  public BackendGeometry resize(long sizeBytes, Medium medium) throws IOException {
    BackendGeometry before = geometry;
    BackendGeometry after = before.resized(sizeBytes);
    if (sizeBytes > before.sizeBytes()) {
      medium.setSize(sizeBytes);
      geometry = after;
    } else if (sizeBytes < before.sizeBytes()) {
      boolean cut = false;
      geometry = after;
      try {
        drain(sizeBytes);
        medium.setSize(sizeBytes);
        cut = true;
      } finally {
        if (!cut) {
          geometry = before;
        }
      }
    }
    return after;
  }

  /** Waits until no operation is under way past a byte, and none can be on its way there. */
  private void drain(long sizeBytes) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MS_MAX);
    try {
      for (Entry entry : users) {
        while (beyond(entry, sizeBytes, end) > 0) {
          if (System.nanoTime() - end >= 0) {
            throw new TimeoutException();
          }
          Thread.sleep(PAUSE_MS);
        }
      }
    } catch (TimeoutException e) {
      throw new IOException(
          "sizeBytes "
              + sizeBytes
              + ": commands past it were still at the device after "
              + DRAIN_MS_MAX
              + " ms; nothing was changed",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "sizeBytes " + sizeBytes + ": interrupted; nothing was changed");
    }
  }

  private static int beyond(Entry entry, long sizeBytes, long endNs)
      throws InterruptedException, TimeoutException {
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    entry.shard.execute(() -> answer.complete(entry.user.beyond(sizeBytes)));
    try {
      return answer.get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
