package io.mora.target.backend.fault;

import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.target.backend.IoRequest;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A rule and how often it was met, on all shards.
 *
 * <p>Assumes nothing of the threads that call. Guarantees: which of the operations it is about are
 * hit follows from the seed and their number alone; how they are numbered is the order of arrival.
 * Progress: wait-free.
 */
final class FaultRule {
  private final int ops;
  private final long fromBytes;
  private final long toBytes;
  private final FaultSpec.When when;
  private final FaultSpec.What what;
  private final long stallNs;
  private final long seed;
  private final AtomicLong met = new AtomicLong();
  private final AtomicLong hits = new AtomicLong();
  private final AtomicLong tears = new AtomicLong();

  /**
   * @param seed another one for every rule
   */
  FaultRule(FaultSpec.Rule rule, int blockBytes, long seed) {
    int mask = 0;
    for (FaultSpec.Operation operation : rule.where().all()) {
      mask |= 1 << op(operation);
    }
    ops = mask;
    long blocks = rule.where().blocks();
    fromBytes = bytes(rule.where().firstBlock(), blockBytes);
    toBytes = blocks == 0 ? Long.MAX_VALUE : fromBytes + bytes(blocks, blockBytes);
    when = rule.when();
    what = rule.what();
    stallNs = what.stall().toNanos();
    this.seed = mix(seed);
  }

  /** Of a number that may lie far beyond any storage. */
  private static long bytes(long blocks, int blockBytes) {
    return Math.min(blocks, Long.MAX_VALUE / 2 / blockBytes) * blockBytes;
  }

  private static int op(FaultSpec.Operation operation) {
    return switch (operation) {
      case READ -> IoRequest.READ;
      case WRITE -> IoRequest.WRITE;
      case FLUSH -> IoRequest.FLUSH;
      case ZERO -> IoRequest.WRITE_ZEROES;
      case DEALLOCATE -> IoRequest.DEALLOCATE;
    };
  }

  /** Whether this operation is hit; counts it if the rule is about it. */
  boolean hits(IoRequest request) {
    if ((ops & 1 << request.op) == 0 || !touches(request)) {
      return false;
    }
    long number = met.getAndIncrement() - when.skip();
    if (number < 0 || !isDue(number)) {
      return false;
    }
    return when.times() == 0 || hits.get() < when.times() && hits.getAndIncrement() < when.times();
  }

  private boolean touches(IoRequest request) {
    if (request.op == IoRequest.FLUSH) {
      return fromBytes == 0 && toBytes == Long.MAX_VALUE;
    }
    return request.offsetBytes < toBytes && request.offsetBytes + request.lengthBytes > fromBytes;
  }

  private boolean isDue(long number) {
    return when.random()
        ? Math.floorMod(mix(seed + number), when.every()) == 0
        : number % when.every() == when.every() - 1;
  }

  /** Of so many blocks of a write, how many are written: not all. */
  long kept(long blocks) {
    return Math.floorMod(mix(seed - 1 - tears.getAndIncrement()), blocks);
  }

  int status() {
    return what.status();
  }

  long stallNs() {
    return stallNs;
  }

  boolean torn() {
    return what.torn();
  }

  /** Spreads every bit of a number over all of them (the finish of SplitMix64). */
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
