package io.mora.target.backend;

import io.mora.target.shard.Shard;
import io.netty.channel.IoEventLoop;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A storage made slow on purpose: a device of so many servers a shard, each busy with one operation
 * for a time drawn from a profile, and only then the operation itself. What finds no free server
 * waits, in order of arrival, so that delays add up as they do on a device.
 */
public final class DelayBackend implements Backend {
  /*
   * The delay comes before the operation: data is read as late, and written as late, as a slow
   * device would. Timers are the loop's own, one an operation; this is for tests and experiments.
   */

  /** Most servers of a shard's queue. */
  public static final int PARALLELISM_MAX = 1024;

  /**
   * How long operations of one kind take.
   *
   * @param baseNs what every one takes
   * @param spreadNs up to so much more, uniformly
   * @param tailChance share of operations, 0 to 1, that take {@code tailNs} more
   * @param nsPerKib for each KiB of data moved
   */
  public record Latency(long baseNs, long spreadNs, double tailChance, long tailNs, long nsPerKib) {
    private static final long MAX_NS = TimeUnit.HOURS.toNanos(1);

    public Latency {
      require("baseNs", baseNs);
      require("spreadNs", spreadNs);
      require("tailNs", tailNs);
      require("nsPerKib", nsPerKib);
      if (!(tailChance >= 0 && tailChance <= 1)) {
        throw new IllegalArgumentException("tailChance " + tailChance + ": 0 to 1");
      }
    }

    private static void require(String name, long ns) {
      if (ns < 0 || ns > MAX_NS) {
        throw new IllegalArgumentException(name + " " + ns + ": 0 to " + MAX_NS);
      }
    }

    /** The same time for all. */
    public static Latency fixed(long ns) {
      return new Latency(ns, 0, 0, 0, 0);
    }

    long draw(SplittableRandom random, long dataBytes) {
      long ns = baseNs + nsPerKib * (dataBytes >> 10);
      if (spreadNs > 0) {
        ns += random.nextLong(spreadNs);
      }
      return tailChance > 0 && random.nextDouble() < tailChance ? ns + tailNs : ns;
    }
  }

  /**
   * A device.
   *
   * @param parallelism operations it serves at once for each shard, 1 to {@value #PARALLELISM_MAX}
   * @param other for FLUSH, WRITE_ZEROES and DEALLOCATE
   * @param seed of every draw: the same operations in the same order take the same times
   */
  public record Profile(int parallelism, Latency read, Latency write, Latency other, long seed) {
    public Profile {
      if (parallelism < 1 || parallelism > PARALLELISM_MAX) {
        throw new IllegalArgumentException(
            "parallelism " + parallelism + ": 1 to " + PARALLELISM_MAX);
      }
    }

    /** The same fixed time for every operation. */
    public static Profile fixed(int parallelism, long ns) {
      Latency all = Latency.fixed(ns);
      return new Profile(parallelism, all, all, all, 0);
    }

    Latency of(int op) {
      return switch (op) {
        case IoRequest.READ -> read;
        case IoRequest.WRITE -> write;
        default -> other;
      };
    }
  }

  private final Backend inner;
  private final Profile profile;

  public DelayBackend(Backend inner, Profile profile) {
    this.inner = inner;
    this.profile = profile;
  }

  @Override
  public String description() {
    return "delayed " + inner.description();
  }

  @Override
  public BackendGeometry geometry() {
    return inner.geometry();
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new Queue(inner.queue(shard), shard, profile);
  }

  @Override
  public void close() {
    inner.close();
  }

  private static final class Queue implements BackendQueue {
    private final BackendQueue inner;
    private final IoEventLoop timers;
    private final Profile profile;
    private final SplittableRandom random;
    private final Server[] free;
    private final IoRequest.Fifo waiting = new IoRequest.Fifo();
    private int freeCount;

    Queue(BackendQueue inner, Shard shard, Profile profile) {
      this.inner = inner;
      this.timers = shard.loop().eventLoop();
      this.profile = profile;
      random = new SplittableRandom(profile.seed() + shard.index());
      free = new Server[profile.parallelism()];
      while (freeCount < free.length) {
        free[freeCount++] = new Server(this);
      }
    }

    @Override
    public void submit(IoRequest request) {
      if (freeCount == 0) {
        waiting.add(request);
      } else {
        free[--freeCount].serve(request);
      }
    }

    /** Asks for a server's time; nanoseconds. */
    long draw(IoRequest request) {
      boolean moves = request.op == IoRequest.READ || request.op == IoRequest.WRITE;
      return profile.of(request.op).draw(random, moves ? request.lengthBytes : 0);
    }

    void done(Server server) {
      IoRequest next = waiting.poll();
      if (next == null) {
        free[freeCount++] = server;
      } else {
        server.serve(next);
      }
    }

    @Override
    public int inFlight() {
      return free.length - freeCount + waiting.size();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /** Serves one operation at a time: the delay, then the inner storage in its name. */
  private static final class Server extends IoRequest implements Runnable {
    private final Queue queue;
    private @Nullable IoRequest served;

    Server(Queue queue) {
      this.queue = queue;
    }

    void serve(IoRequest request) {
      served = request;
      queue.timers.schedule(this, queue.draw(request), TimeUnit.NANOSECONDS);
    }

    @Override
    public void run() {
      IoRequest request = Objects.requireNonNull(served);
      op = request.op;
      offsetBytes = request.offsetBytes;
      lengthBytes = request.lengthBytes;
      data = request.data;
      address = request.address;
      forceUnitAccess = request.forceUnitAccess;
      mayDeallocate = request.mayDeallocate;
      queue.inner.submit(this);
    }

    @Override
    public void complete(int status) {
      IoRequest request = Objects.requireNonNull(served);
      served = null;
      data = null;
      queue.done(this);
      request.complete(status);
    }
  }
}
