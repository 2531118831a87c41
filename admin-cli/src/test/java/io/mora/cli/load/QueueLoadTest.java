package io.mora.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.load.Stages.Stage;
import io.mora.cli.load.sync.SyncIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.protocol.CommandException;
import io.mora.protocol.status.Status;
import io.mora.qos.pause.PauseSum;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The load engine against a namespace whose I/Os end when the test says so, at a told time. */
class QueueLoadTest {
  private static final int IO = 1024;
  private static final int BLOCKS = 64;
  private static final long SEED = 4711;

  private final FakeNamespace namespace = new FakeNamespace(BLOCKS);

  private static Workload workload(int readPercent, int depth, double rate, boolean verify) {
    return new Workload(
        IO,
        readPercent,
        false,
        depth,
        rate,
        new Workload.Region(0, (long) BLOCKS * FakeNamespace.BLOCK),
        verify,
        SEED);
  }

  private QueueLoad load(
      Workload workload, Indices indices, @Nullable Stamps stamps, Window window) {
    QueueLoad.Phase phase =
        new QueueLoad.Phase(window, stamps, new ThreadStages(3), Long.MAX_VALUE);
    return new QueueLoad(namespace, workload, indices, new Dice(SEED), phase);
  }

  private QueueLoad random(Workload workload, Window window) {
    return load(workload, Indices.random(workload.indices(), new Dice(SEED)), null, window);
  }

  private void drain() {
    boolean more;
    do {
      more = namespace.complete();
    } while (more);
  }

  @Test
  void aClosedLoopKeepsItsDepthUnderWayAndCountsWhatStartsInTheWindow() {
    Window window = new Window(0, 1_000, 2_000);
    QueueLoad load = random(workload(50, 4, 0, false), window);
    load.startClosed();
    while (namespace.complete()) {
      namespace.nowNs += 10;
    }
    assertThat(namespace.mostPending).isEqualTo(4);
    assertThat(load.done().getCount()).isZero();
    assertThat(load.failure()).isNull();
    // One I/O ends every 10 ns, so as many start in the window of 1000 ns.
    assertThat(load.completions()).isEqualTo(100);
    assertThat(
            LoadResult.of(List.of(load), 1, PauseSum.NONE, null)
                .stages()
                .of(Stage.TOTAL)
                .getTotalCount())
        .isEqualTo(100);
    assertThat(
            LoadResult.of(List.of(load), 1, PauseSum.NONE, null)
                .stages()
                .of(Stage.TOTAL)
                .getMinValue())
        .isBetween(0L, 64L);
  }

  @Test
  void whatEndsAfterTheEndIsInThePercentilesAndNotInTheRate() {
    Window window = new Window(0, 500_000, 1_000_000);
    QueueLoad load = random(workload(100, 4, 1e6, false), window);
    load.offer(400_000); // of the warm-up, but ends when it counts
    load.offer(600_000);
    load.offer(700_000);
    load.offer(800_000);
    namespace.nowNs = 600_000;
    namespace.complete();
    namespace.nowNs = 999_999;
    namespace.complete();
    namespace.nowNs = 1_000_000;
    namespace.complete();
    namespace.nowNs = 9_000_000;
    namespace.complete();
    LoadResult result = LoadResult.of(List.of(load), window.lengthNs(), PauseSum.NONE, null);
    assertThat(result.stages().reads().getTotalCount()).as("meant").isEqualTo(3);
    assertThat(result.stages().readsDone()).as("done").isEqualTo(2);
    assertThat(result.perSecond()).isEqualTo(2 / 500e-6);
    assertThat(result.readsPerSecond()).isEqualTo(result.perSecond());
    assertThat(result.writesPerSecond()).isZero();
  }

  @Test
  void anOpenLoopCountsFromWhenAnIoWasDueNotFromWhenItCouldStart() {
    QueueLoad load = random(workload(100, 1, 1e6, false), new Window(0, 0, 1_000_000));
    assertThat(load.offer(1_000)).isTrue();
    assertThat(load.offer(2_000)).as("its only slot is taken").isFalse();
    namespace.nowNs = 500_000; // the target stalls
    namespace.complete();
    assertThat(load.offer(2_000)).isTrue();
    namespace.nowNs = 501_000;
    namespace.complete();
    assertThat(load.idle()).isTrue();
    // The second took 1 us, but who meant it to start at 2 us waited 499 us.
    assertThat(
            LoadResult.of(List.of(load), 1, PauseSum.NONE, null)
                .stages()
                .of(Stage.TOTAL)
                .getValueAtPercentile(50))
        .isBetween(495_000L, 505_000L);
  }

  @Test
  void aSweepTouchesEachIndexOnceAndEnds() {
    Workload sweep = workload(0, 3, 0, true).withSweep(false);
    Stamps stamps = new Stamps(SEED, sweep.indices());
    QueueLoad load = load(sweep, Indices.sweep(sweep.indices(), 0, 1), stamps, Window.unbounded(0));
    load.startClosed();
    drain();
    assertThat(load.done().getCount()).isZero();
    assertThat(load.completions()).isEqualTo(BLOCKS * FakeNamespace.BLOCK / IO);
    for (long i = 0; i < sweep.indices(); i++) {
      assertThat(stamps.known(i)).isTrue();
    }
  }

  @Test
  void wrongDataEndsTheLoadAndSaysWhere() {
    Workload fill = workload(0, 2, 0, true).withSweep(false);
    Stamps stamps = new Stamps(SEED, fill.indices());
    QueueLoad writer = load(fill, Indices.sweep(fill.indices(), 0, 1), stamps, Window.unbounded(0));
    writer.startClosed();
    drain();
    namespace.corrupt = true;
    QueueLoad reader =
        load(
            fill.withSweep(true), Indices.sweep(fill.indices(), 0, 1), stamps, Window.unbounded(0));
    reader.startClosed();
    drain();
    QueueLoad.Failure failure = Objects.requireNonNull(reader.failure());
    assertThat(failure.wrongData()).isTrue();
    assertThat(failure.message()).contains("differs from its write 1 at byte " + (IO - 8));
    LoadResult result = LoadResult.of(List.of(reader), 1, PauseSum.NONE, null);
    assertThatThrownBy(() -> result.orThrow("check"))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCodes.DATA));
  }

  @Test
  void aFailedIoEndsTheLoadWithItsStatus() {
    namespace.failWith = Status.UNRECOVERED_READ_ERROR;
    QueueLoad load = random(workload(100, 4, 0, false), Window.unbounded(0));
    load.startClosed();
    drain();
    assertThat(load.done().getCount()).isZero();
    LoadResult result = LoadResult.of(List.of(load), 1, PauseSum.NONE, null);
    assertThatThrownBy(() -> result.orThrow("load")).isInstanceOf(CommandException.class);
  }

  @Test
  void aRefusedIoEndsTheLoad() {
    namespace.refuse = true;
    QueueLoad load = random(workload(100, 4, 0, false), Window.unbounded(0));
    load.startClosed();
    assertThat(load.done().getCount()).isZero();
    assertThatThrownBy(() -> LoadResult.of(List.of(load), 1, PauseSum.NONE, null).orThrow("load"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void aThreadThatWaitsCountsUntilItGoesOnAndEndsWithTheWindow() {
    long startNs = System.nanoTime();
    Window window = new Window(startNs, startNs, startNs + 20_000_000);
    QueueLoad load = random(workload(50, 1, 0, false), window);
    load.runWaiting(new Prompt(0));
    load.ended(null);
    assertThat(load.done().getCount()).isZero();
    assertThat(load.failure()).isNull();
    assertThat(load.completions()).isPositive();
    LoadResult result = LoadResult.of(List.of(load), 1, PauseSum.NONE, null);
    assertThat(result.stages().of(Stage.TOTAL).getTotalCount()).isEqualTo(load.completions());
    assertThat(window.over(System.nanoTime())).isTrue();
  }

  @Test
  void aThreadThatWaitsEndsAtAFailure() {
    QueueLoad load = random(workload(100, 1, 0, false), Window.unbounded(0));
    load.runWaiting(new Prompt(Status.UNRECOVERED_READ_ERROR));
    load.ended(null);
    LoadResult result = LoadResult.of(List.of(load), 1, PauseSum.NONE, null);
    assertThatThrownBy(() -> result.orThrow("load")).isInstanceOf(CommandException.class);
  }

  /** Ends every I/O at once, with a status. */
  private record Prompt(int status) implements SyncIo {
    @Override
    public IoResult run(boolean read, long slba, int blocks, ByteBuffer data, IoOptions options) {
      FakeNamespace done = new FakeNamespace(BLOCKS);
      done.failWith = status;
      IoResult[] ended = new IoResult[1];
      IoCallback keep = (context, how, io) -> ended[0] = io;
      done.read(slba, blocks, data, options, keep, 0);
      done.complete();
      return Objects.requireNonNull(ended[0]);
    }

    @Override
    public void close() {}
  }
}
