package io.mora.tests.kit.load;

import io.mora.initiator.Association;
import io.mora.initiator.BlockRange;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.status.Status;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Random commands on a region of a namespace that nobody else uses, checked against a model of it:
 * every read, and the whole region in the end. Commands under way at once never overlap, except
 * reads, so the model knows what each must find. One thread; completions come from others.
 */
public final class RandomMix {
  private static final long UNKNOWN = -1;

  private RemoteNamespace namespace;
  private final long firstLba;
  private final long[] stamps;
  private final SplittableRandom random;
  private final BlockingQueue<Flight> ended = new LinkedBlockingQueue<>();
  private final List<Flight> flying = new ArrayList<>();
  private final List<Flight> idle = new ArrayList<>();
  private final IoCallback callback = this::completed;
  private Flight[] flights = {};
  private int maxBlocks;
  private boolean failuresAllowed;
  private boolean plain;
  private Supplier<String> witness = () -> "";
  private long nextStamp = 1;
  private final AtomicInteger commands = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong longestNs = new AtomicLong();

  /**
   * @param blocks of the region; they must hold zeroes
   */
  public RandomMix(RemoteNamespace namespace, long firstLba, int blocks, long seed) {
    this.namespace = namespace;
    this.firstLba = firstLba;
    this.stamps = new long[blocks];
    this.random = new SplittableRandom(seed);
    this.maxBlocks = Math.min(blocks / 2, (128 << 10) / namespace.blockBytes());
  }

  /** Largest command. */
  public RandomMix upTo(int blocks) {
    maxBlocks = blocks;
    return this;
  }

  /** Commands may fail without an answer, as when a target goes away for good. */
  public RandomMix allowFailures() {
    failuresAllowed = true;
    return this;
  }

  /**
   * Neither Compare nor Deallocate, for targets that refuse one or read anything after the other.
   */
  public RandomMix plain() {
    plain = true;
    return this;
  }

  /** Asked what it knows when completions are lost. */
  public RandomMix witness(Supplier<String> newWitness) {
    witness = () -> "; " + newWitness.get();
    return this;
  }

  /** Goes on with the same blocks by another way. */
  public void moveTo(RemoteNamespace other) {
    namespace = other;
  }

  /** Commands that ended. */
  public int commands() {
    return commands.get();
  }

  /** Of those, the ones that failed. */
  public int failures() {
    return failures.get();
  }

  /** The longest that a command took, from submit to its end. */
  public long longestMs() {
    return TimeUnit.NANOSECONDS.toMillis(longestNs.get());
  }

  /** Keeps so many commands under way until so many have ended. */
  public RandomMix run(int depth, int count) {
    int from = commands.get();
    return run(depth, () -> commands.get() + flying.size() - from >= count);
  }

  /** Keeps so many commands under way until told to stop, then waits for the last. */
  public RandomMix run(int depth, BooleanSupplier stop) {
    idle.clear();
    flights = new Flight[depth];
    for (int i = 0; i < depth; i++) {
      flights[i] = new Flight(i, maxBlocks * namespace.blockBytes());
      idle.add(flights[i]);
    }
    while (true) {
      while (!idle.isEmpty() && !stop.getAsBoolean()) {
        if (!submit(idle.get(idle.size() - 1))) {
          break;
        }
      }
      if (flying.isEmpty()) {
        return this;
      }
      reap();
    }
  }

  private boolean submit(Flight flight) {
    if (!place(flight)) {
      return false;
    }
    idle.remove(flight);
    flying.add(flight);
    flight.start();
    return true;
  }

  /** Finds blocks that nothing under way has to do with. */
  private boolean place(Flight flight) {
    for (int tries = 0; tries < 100; tries++) {
      flight.kind = draw();
      flight.blocks =
          1 + random.nextInt(random.nextInt(4) == 0 ? maxBlocks : Math.min(8, maxBlocks));
      flight.at = random.nextInt(stamps.length - flight.blocks + 1);
      if (flying.stream().noneMatch(flight::conflictsWith)) {
        return true;
      }
    }
    if (flying.isEmpty()) {
      throw new IllegalStateException("no place for a command");
    }
    return false;
  }

  private MixKind draw() {
    MixKind kind = MixKind.draw(random);
    if (plain && kind.compares()) {
      return MixKind.READ;
    }
    return plain && kind == MixKind.DEALLOCATE ? MixKind.WRITE_ZEROES : kind;
  }

  private void reap() {
    try {
      Flight flight = ended.poll(Waiting.recoverySeconds(options()), TimeUnit.SECONDS);
      if (flight == null) {
        throw new AssertionError(lost());
      }
      if (!flying.remove(flight)) {
        throw new AssertionError("ended twice: " + flight);
      }
      idle.add(flight);
      commands.incrementAndGet();
      longestNs.accumulateAndGet(System.nanoTime() - flight.startedNs, Math::max);
      flight.judge();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private ConnectOptions options() {
    return namespace.association().options();
  }

  /** What there is to know about a silence, since the next one may be far away. */
  private String lost() {
    Association host = namespace.association();
    return "lost completions: "
        + flying.size()
        + " of "
        + Arrays.toString(flying.toArray())
        + "\nafter "
        + Waiting.recoverySeconds(options())
        + " s; "
        + host
        + " is "
        + host.state()
        + ", outstanding "
        + host.outstanding()
        + witness.get()
        + "\n"
        + Evidence.recentWarnings();
  }

  /**
   * Reads the whole region and compares. Blocks of commands that failed may hold the old or the new
   * and are known from then on; torn they must not be.
   */
  public void verify() {
    int blockBytes = namespace.blockBytes();
    int piece = Math.min(stamps.length, (1 << 20) / blockBytes);
    ByteBuffer buffer = ByteBuffer.allocateDirect(piece * blockBytes);
    for (int at = 0; at < stamps.length; at += piece) {
      int blocks = Math.min(piece, stamps.length - at);
      Waiting.get(namespace.read(firstLba + at, blocks, buffer));
      check(buffer, at, blocks, "in the end");
      adopt(buffer, at, blocks);
    }
  }

  private void adopt(ByteBuffer buffer, int at, int blocks) {
    int blockBytes = namespace.blockBytes();
    for (int i = 0; i < blocks; i++) {
      if (stamps[at + i] == UNKNOWN) {
        long lba = firstLba + at + i;
        stamps[at + i] = Pattern.stampOf(buffer, i * blockBytes, lba, blockBytes);
        if (stamps[at + i] == UNKNOWN) {
          throw new AssertionError("block " + lba + " is torn");
        }
      }
    }
  }

  private void check(ByteBuffer buffer, int at, int blocks, Object reader) {
    int blockBytes = namespace.blockBytes();
    for (int i = 0; i < blocks; i++) {
      long lba = firstLba + at + i;
      long want = stamps[at + i];
      if (want != UNKNOWN && !Pattern.matches(buffer, i * blockBytes, lba, blockBytes, want)) {
        long found = Pattern.stampOf(buffer, i * blockBytes, lba, blockBytes);
        throw new AssertionError(
            "block " + lba + ": stamp " + found + ", not " + want + ", read by " + reader);
      }
    }
  }

  private void completed(long context, int status, IoResult result) {
    Flight flight = flights[(int) context];
    flight.status = status;
    flight.failure = status == Status.SUCCESS ? null : result.exception();
    ended.add(flight);
  }

  /** A command's place, used over and over. */
  private final class Flight {
    private final int index;
    private final ByteBuffer data;
    private final IoOptions options = new IoOptions();
    private MixKind kind = MixKind.FLUSH;
    private int at;
    private int blocks;
    private long stamp;
    private long startedNs;
    private volatile int status;
    private volatile @Nullable Throwable failure;

    Flight(int index, int bytes) {
      this.index = index;
      data = index % 2 == 0 ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    boolean conflictsWith(Flight other) {
      boolean apart = at + blocks <= other.at || other.at + other.blocks <= at;
      boolean calm = !kind.changes() && !other.kind.changes();
      return !apart && !calm && kind != MixKind.FLUSH && other.kind != MixKind.FLUSH;
    }

    void start() {
      long lba = firstLba + at;
      stamp = nextStamp++;
      startedNs = System.nanoTime();
      options.fua(random.nextInt(8) == 0);
      switch (kind) {
        case READ -> accepted(namespace.read(lba, blocks, data, options, callback, index));
        case WRITE -> {
          fill(stamp);
          accepted(namespace.write(lba, blocks, data, options, callback, index));
        }
        case FLUSH -> accepted(namespace.flush(callback, index));
        case COMPARE, COMPARE_OTHER -> {
          expect();
          follow(namespace.compare(lba, blocks, data));
        }
        case WRITE_ZEROES -> follow(namespace.writeZeroes(lba, blocks));
        case DEALLOCATE -> follow(namespace.deallocate(List.of(new BlockRange(lba, blocks))));
      }
    }

    private void fill(long with) {
      Pattern.fill(data, firstLba + at, blocks, namespace.blockBytes(), with);
    }

    /** What a Compare must find; one byte else for the other kind. */
    private void expect() {
      int blockBytes = namespace.blockBytes();
      for (int i = 0; i < blocks; i++) {
        data.position(i * blockBytes);
        Pattern.fill(data, firstLba + at + i, 1, blockBytes, Math.max(0, stamps[at + i]));
      }
      data.position(0);
      if (kind == MixKind.COMPARE_OTHER) {
        int wrong = random.nextInt(blocks * blockBytes);
        data.put(wrong, (byte) (data.get(wrong) + 1));
      }
    }

    private void accepted(boolean accepted) {
      if (!accepted) {
        failure = new IllegalStateException("refused");
        status = Status.ABORTED_BY_HOST;
        ended.add(this);
      }
    }

    private void follow(CompletionStage<Completion> stage) {
      stage.whenComplete(
          (done, problem) -> {
            status = problem == null ? done.status() : statusOf(problem);
            failure = problem;
            ended.add(this);
          });
    }

    private static int statusOf(Throwable problem) {
      return problem instanceof CommandException e ? e.status() : Status.ABORTED_BY_HOST;
    }

    void judge() {
      boolean unsure = false;
      for (int i = at; i < at + blocks; i++) {
        unsure |= stamps[i] == UNKNOWN;
      }
      if (kind == MixKind.COMPARE_OTHER && Status.code(status) == Status.COMPARE_FAILURE) {
        return;
      }
      if (kind.compares() && (unsure || Status.code(status) == Status.COMMAND_INTERRUPTED)) {
        return; // A target short of memory may ask for a compare to be repeated.
      }
      if (status != Status.SUCCESS || kind == MixKind.COMPARE_OTHER) {
        failed();
        return;
      }
      if (kind == MixKind.READ) {
        check(data, at, blocks, this);
      } else if (kind.changes()) {
        Arrays.fill(stamps, at, at + blocks, kind == MixKind.WRITE ? stamp : Pattern.ZEROES);
      }
    }

    private void failed() {
      failures.incrementAndGet();
      if (!failuresAllowed) {
        throw new AssertionError(
            this + " ended with status " + Integer.toHexString(status) + "h", failure);
      }
      if (kind.changes()) {
        Arrays.fill(stamps, at, at + blocks, UNKNOWN);
      }
    }

    @Override
    public String toString() {
      return kind + " of " + (firstLba + at) + "+" + blocks + " stamp " + stamp;
    }
  }
}
