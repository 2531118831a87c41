package io.mora.target.shard;

import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.LoopOptions;
import io.mora.protocol.net.TransportKind;
import io.mora.qos.locality.CpuTopology;
import io.mora.qos.locality.CpuTopology.Cpu;
import io.mora.qos.locality.PinnedThreads;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All shards of a target: started together, stopped together. Control threads only. */
public final class ShardGroup implements AutoCloseable {
  /** How long {@link #close} waits for each shard's loop. */
  public static final long CLOSE_TIMEOUT_MS = 10_000;

  /** How long {@link #onEach} waits. */
  private static final long ANSWER_S = 30;

  /** One part in so many of a shard's buffers is for data that comes in capsules. */
  private static final int CAPSULE_PART = 8;

  /** One part in so many of a shard's other buffers is for latency classes alone. */
  private static final int RESERVE_PART = 8;

  private static final Logger LOG = LoggerFactory.getLogger(ShardGroup.class);

  private final TransportKind transport;
  private final List<Shard> shards;

  private ShardGroup(TransportKind transport, List<Shard> shards) {
    this.transport = transport;
    this.shards = List.copyOf(shards);
  }

  /**
   * Starts the shards and logs once what they run on and why.
   *
   * @throws IllegalArgumentException if a CPU asked for is not one this process may use
   * @throws IllegalStateException if the transport asked for does not start, with its reason
   */
  public static ShardGroup start(ShardOptions options) {
    List<Integer> cpus = cpus(options);
    int count = options.count() == 0 ? cpus.size() : options.count();
    TransportKind asked = options.transport();
    List<String> refused = new ArrayList<>();
    for (TransportKind kind :
        asked == null ? TransportKind.values() : new TransportKind[] {asked}) {
      try {
        ShardGroup group = new ShardGroup(kind, shards(kind, count, cpus, options));
        group.log(refused);
        return group;
      } catch (IllegalStateException e) {
        refused.add(e.getMessage());
      }
    }
    throw new IllegalStateException(String.join("; ", refused));
  }

  public TransportKind transport() {
    return transport;
  }

  public int size() {
    return shards.size();
  }

  /** All shards, by index. */
  public List<Shard> shards() {
    return shards;
  }

  public Shard shard(int index) {
    return shards.get(index);
  }

  /**
   * Runs an action on every shard's thread and waits for all.
   *
   * @throws IllegalStateException if a shard does not answer within {@value #ANSWER_S} s
   */
  public void onEach(Consumer<Shard> action) {
    CountDownLatch done = new CountDownLatch(shards.size());
    RuntimeException[] failures = new RuntimeException[shards.size()];
    for (Shard shard : shards) {
      shard.execute(
          () -> {
            try {
              action.accept(shard);
            } catch (RuntimeException e) {
              failures[shard.index()] = e;
            } finally {
              done.countDown();
            }
          });
    }
    boolean interrupted = false;
    while (true) {
      try {
        if (!done.await(ANSWER_S, TimeUnit.SECONDS)) {
          throw new IllegalStateException("a shard does not answer");
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (RuntimeException failure : failures) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  /**
   * Stops every loop, which closes what channels are left, and frees the buffers; the owners of
   * both have let go of them by now.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    for (Shard shard : shards) {
      try {
        if (!shard.loop().shutdown(CLOSE_TIMEOUT_MS)) {
          LOG.warn("shard {} did not stop within {} ms", shard.index(), CLOSE_TIMEOUT_MS);
          continue;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        continue;
      }
      long lentBytes = shard.lentBytes();
      if (lentBytes != 0) {
        LOG.warn("shard {} stopped with {} bytes of buffers on loan", shard.index(), lentBytes);
        continue; // A device may still write into them: better lost than given away.
      }
      shard.buffers().close();
      shard.capsuleBuffers().close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Integer> cpus(ShardOptions options) {
    CpuTopology topology = CpuTopology.read();
    if (options.cpus().isEmpty()) {
      // A container's CPU quota may allow less than its affinity does.
      int processors = Runtime.getRuntime().availableProcessors();
      return topology.spread().stream()
          .map(Cpu::id)
          .limit(Math.min(processors, ShardOptions.MAX_COUNT))
          .toList();
    }
    for (int cpu : options.cpus()) {
      if (!topology.allows(cpu)) {
        throw new IllegalArgumentException(
            "cpus: "
                + cpu
                + " is not one of the CPUs this process may use: "
                + topology.cpus().stream()
                    .map(each -> "" + each.id())
                    .collect(Collectors.joining(",")));
      }
    }
    return options.cpus();
  }

  private static List<Shard> shards(
      TransportKind kind, int count, List<Integer> cpus, ShardOptions options) {
    List<Shard> shards = new ArrayList<>();
    try {
      for (int index = 0; index < count; index++) {
        shards.add(shard(kind, index, cpus.get(index % cpus.size()), options));
      }
      return shards;
    } catch (RuntimeException | OutOfMemoryError e) {
      new ShardGroup(kind, shards).close();
      throw e;
    }
  }

  private static Shard shard(TransportKind kind, int index, int cpu, ShardOptions options) {
    PinnedThreads threads =
        PinnedThreads.onOrAnywhere(options.pin() ? cpu : -1, body -> thread(index, body)).prompt();
    LoopOptions loopOptions =
        LoopOptions.DEFAULT
            .withRingSize(options.ringSize())
            .withFileRing()
            .withPinnedCpu(threads::cpu);
    IoLoop loop = IoLoop.start(kind, loopOptions, threads);
    long capsuleBytes =
        Math.max(AlignedBufferPool.MIN_LIMIT_BYTES, options.bufferBytesPerShard() / CAPSULE_PART);
    long bytes =
        Math.max(AlignedBufferPool.MIN_LIMIT_BYTES, options.bufferBytesPerShard() - capsuleBytes);
    AlignedBufferPool buffers = new AlignedBufferPool(bytes, loop::stayAwake, RESERVE_PART);
    AlignedBufferPool capsuleBuffers = new AlignedBufferPool(capsuleBytes, loop::stayAwake);
    loop.execute(
        () -> {
          loop.addTurnListener(buffers);
          loop.addTurnListener(capsuleBuffers);
        });
    String problem = threads.problem();
    if (problem != null) {
      LOG.warn("shard {} is not pinned: {}", index, problem);
    }
    return new Shard(index, loop, buffers, capsuleBuffers);
  }

  private static Thread thread(int index, Runnable body) {
    Thread thread = new FastThreadLocalThread(body, "mora-shard-" + index);
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (where, failure) -> LOG.error("{}: unexpected failure", where.getName(), failure));
    return thread;
  }

  private void log(List<String> refused) {
    String where =
        shards.stream()
            .map(shard -> shard.loop().pinnedCpu() < 0 ? "-" : "" + shard.loop().pinnedCpu())
            .collect(Collectors.joining(","));
    LOG.info(
        "{} shards on {}, pinned to CPUs {}{}",
        size(),
        transport.configName(),
        where,
        refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ")");
  }
}
