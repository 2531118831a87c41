package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSignals;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.net.TransportKind;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.RandomMix;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Paths fail in every way, a hundred times, under a load that checks all it reads and wrote: no
 * command fails, nothing is lost or done twice, and hedges stay below their bound.
 */
@Tag("fault")
class PathFailuresTest {
  private static final int FAILURES = 100;
  private static final int LANES = 4;

  /** Of appliances that are processes, which take seconds to start: a hundred on demand. */
  private static final int OF_PROCESSES = Integer.getInteger("mora.processFailures", 8);

  private static final int DEPTH = 16;

  private static final PathOptions HEDGED =
      PathOptions.DEFAULT.hedge(HedgeOptions.ON.withDelayUsMin(500));

  /** Commands between two failures. */
  private static final int BETWEEN = 60;

  @RegisterExtension final Evidence evidence = new Evidence();

  private enum Kind {
    KILL,
    CUT,
    HOLE,
    ANA
  }

  private static final List<Kind> KINDS = List.of(Kind.values());

  @Test
  void aHundredPathFailures() {
    long seed = evidence.seed();
    List<CompletableFuture<Lane>> lanes = new ArrayList<>();
    for (int i = 0; i < LANES; i++) {
      Lane lane = new Lane(TransportKind.best(), seed + i, FAILURES / LANES);
      lanes.add(CompletableFuture.supplyAsync(lane, task -> new Thread(task, "lane").start()));
    }
    int failures = 0;
    long longestMs = 0;
    for (CompletableFuture<Lane> each : lanes) {
      Lane lane = each.join();
      lane.check();
      lane.checkUsed();
      failures += lane.failures();
      longestMs = Math.max(longestMs, lane.mix.longestMs());
      System.out.println(lane);
    }
    System.out.println(failures + " path failures, longest stall " + longestMs + " ms");
    assertThat(failures).isEqualTo(FAILURES);
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void oneOfEachKindOnEveryTransport(TransportKind kind) {
    Assumptions.assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    Lane lane = new Lane(kind, evidence.seed(), KINDS.size());
    lane.get().check();
    System.out.println(lane);
  }

  /** A kill is {@code kill -9} here: what was under way in the process is gone with it. */
  @Test
  void processesAreKilled() {
    TransportKind kind = TransportKind.best();
    Lane lane =
        new Lane(TwoAppliances.ofProcesses(evidence, kind, HEDGED), evidence.seed(), OF_PROCESSES);
    lane.get().check();
    System.out.println(lane);
    assertThat(lane.failures()).isEqualTo(OF_PROCESSES);
  }

  /** Two appliances, a load, and failures one after the other. */
  private final class Lane implements java.util.function.Supplier<Lane> {
    private final TwoAppliances rig;
    private final SplittableRandom random;
    private final RandomMix mix;
    private final int count;
    private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);

    Lane(TransportKind kind, long seed, int count) {
      this(new TwoAppliances(evidence, kind, HEDGED), seed, count);
    }

    Lane(TwoAppliances rig, long seed, int count) {
      this.count = count;
      this.rig = rig;
      random = new SplittableRandom(seed);
      RemoteNamespace namespace = rig.namespace.with(Intent.interactive().budgetUs(2000));
      mix =
          new RandomMix(namespace, 0, TwoAppliances.BLOCKS, seed)
              .upTo(16)
              .witness(() -> rig.signals().toString());
    }

    @Override
    public Lane get() {
      AtomicBoolean stop = new AtomicBoolean();
      CompletableFuture<Void> load =
          CompletableFuture.runAsync(
              () -> mix.run(DEPTH, stop::get), task -> new Thread(task, "load").start());
      try {
        for (int i = 0; i < count && !load.isDone(); i++) {
          between(load);
          strike(KINDS.get(i % KINDS.size()), rig.appliance(random.nextInt(2)));
          rig.awaitServing(2);
        }
      } finally {
        stop.set(true);
      }
      load.join();
      mix.verify();
      return this;
    }

    private void between(CompletableFuture<Void> load) {
      int from = mix.commands();
      Waiting.until(
          "commands between failures", () -> load.isDone() || mix.commands() - from > BETWEEN);
    }

    private void strike(Kind kind, Appliance at) {
      switch (kind) {
        case KILL -> {
          at.kill();
          rig.paths.confirmGone(at.address());
          rig.awaitServing(1);
          at.start();
        }
        case CUT -> {
          int before = at.wire().accepted();
          at.wire().cutAll(random.nextBoolean() ? Act.CUT : Act.RESET);
          Waiting.until("connected again", () -> at.wire().accepted() > before);
        }
        case HOLE -> {
          at.hole(true);
          rig.awaitServing(1);
          at.hole(false);
        }
        case ANA -> {
          at.ana(random.nextBoolean() ? AnaState.INACCESSIBLE : AnaState.CHANGE);
          rig.awaitServing(1);
          at.ana(random.nextBoolean() ? AnaState.OPTIMIZED : AnaState.NON_OPTIMIZED);
          rig.awaitServing(2);
          at.ana(AnaState.OPTIMIZED);
        }
      }
      done.merge(kind, 1, Integer::sum);
    }

    int failures() {
      return done.values().stream().mapToInt(Integer::intValue).sum();
    }

    void check() {
      PathSignals signals = rig.signals();
      assertThat(mix.failures()).isZero();
      assertThat(signals.unserved()).isZero();
      assertThat(signals.failovers()).isGreaterThanOrEqualTo(failures());
      assertThat(signals.hedges().ratio()).isLessThanOrEqualTo(HedgeOptions.ON.ratio());
    }

    /** Of a few failures, each may meet a path that has nothing under way. */
    void checkUsed() {
      assertThat(rig.signals().reissued()).isPositive();
      assertThat(rig.signals().hedges().eligible()).isPositive();
    }

    @Override
    public String toString() {
      PathSignals signals = rig.signals();
      return done
          + ", "
          + mix.commands()
          + " commands, longest "
          + mix.longestMs()
          + " ms; sent again "
          + signals.reissued()
          + ", waited for quiet "
          + signals.quiesced()
          + ", without a path "
          + signals.withoutPathMs()
          + " ms; "
          + signals.hedges();
    }
  }
}
