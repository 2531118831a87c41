package io.mora.tests.kit.load;

import io.mora.initiator.Association;
import io.mora.tests.kit.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A random mix on each I/O queue of some associations, each on blocks of its own, all at once. */
public final class Crowd implements AutoCloseable {
  private final List<RandomMix> mixes = new ArrayList<>();
  private final List<Future<RandomMix>> running = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final int depth;
  private volatile boolean stopping;

  /**
   * @param blocks of each mix, on namespace 1
   */
  public Crowd(List<Association> associations, int depth, int blocks, long seed) {
    this.depth = depth;
    for (Association association : associations) {
      for (int queue = 0; queue < association.queues(); queue++) {
        long first = (long) mixes.size() * blocks;
        mixes.add(
            new RandomMix(
                    association.namespace(1).onQueue(queue), first, blocks, seed + mixes.size())
                .upTo(16));
      }
    }
  }

  /** The connections of its I/O. */
  public int connections() {
    return mixes.size();
  }

  public Crowd allowFailures() {
    mixes.forEach(RandomMix::allowFailures);
    return this;
  }

  public void start() {
    for (RandomMix mix : mixes) {
      Callable<RandomMix> task = () -> mix.run(depth, () -> stopping);
      running.add(threads.submit(task));
    }
  }

  /** Commands that have ended so far. */
  public int commands() {
    return mixes.stream().mapToInt(RandomMix::commands).sum();
  }

  public int failures() {
    return mixes.stream().mapToInt(RandomMix::failures).sum();
  }

  /** Starts no more commands and waits for those under way; fails as the first of them did. */
  public void stop() {
    stopping = true;
    try {
      for (Future<RandomMix> each : running) {
        each.get(2 * Waiting.LIMIT_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("commands without an end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  public void verify() {
    mixes.forEach(RandomMix::verify);
  }

  @Override
  public void close() {
    stopping = true;
    threads.shutdownNow();
  }
}
