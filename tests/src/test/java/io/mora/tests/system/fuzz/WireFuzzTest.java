package io.mora.tests.system.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.LeakWatch;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.system.conformance.Setup;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of connections that say almost the right thing. The target survives, answers in form,
 * forgets them wholly, and a well-behaved host beside them loses nothing.
 *
 * <p>{@code -Dmora.fuzz.pdus=N} sets how many PDUs are sent in all, {@code -Dmora.fuzz.seed=N}
 * repeats a run as far as time lets it, {@code -Dmora.fuzz.conversation=N} holds one conversation.
 */
@Covers("bound.fuzz")
class WireFuzzTest {
  private static final long PDUS = Long.getLong("mora.fuzz.pdus", 60_000);

  /** More than what is kept for reuse, less than a kilobyte for each connection of a long run. */
  private static final long GROWTH_MAX_BYTES = 64L << 20;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void survivesHostileHosts(Setup setup) throws IOException {
    long seed = Long.getLong("mora.fuzz.seed", System.nanoTime());
    Long one = Long.getLong("mora.fuzz.conversation");
    System.out.println("fuzz " + setup + ": -Dmora.fuzz.seed=" + seed);
    try (LogWatch log = new LogWatch("io.mora");
        LeakWatch leaks = new LeakWatch()) {
      warmUp(setup, seed);
      long before = usedBytes();
      long started = System.nanoTime();
      try (FuzzRun run = new FuzzRun(setup, seed)) {
        if (one != null) {
          run.conversation(one);
        } else {
          long sent = run.conversations(seed, PDUS / setups().count());
          long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
          System.out.printf(
              "fuzz %s: %d PDUs in %d ms, %d conversations, %d commands succeeded, beside %d%n",
              setup, sent, ms, run.held(), run.succeeded(), run.beside());
          assertThat(run.succeeded()).as("some of it was right").isGreaterThan(sent / 10);
        }
        run.assertUnharmed();
      }
      assertThat(log.errors()).as("errors logged, seed %s", seed).isEmpty();
      assertThat(leaks.leaks()).as("leaks, seed %s", seed).isEmpty();
      assertThat(usedBytes() - before)
          .as("growth in bytes, seed %s", seed)
          .isLessThan(GROWTH_MAX_BYTES);
    }
  }

  /** What once did harm does none any more. */
  @ParameterizedTest
  @MethodSource("setups")
  void survivesWhatIsInTheCorpus(Setup setup) throws IOException {
    try (LogWatch log = new LogWatch("io.mora");
        LeakWatch leaks = new LeakWatch()) {
      try (FuzzRun run = new FuzzRun(setup, 1)) {
        assertThat(Corpus.inputs()).isNotEmpty().allSatisfy(run::input);
        Corpus.seeds().forEach(run::conversation);
        run.assertUnharmed();
      }
      assertThat(log.errors()).isEmpty();
      assertThat(leaks.leaks()).isEmpty();
    }
  }

  /** Classes, pools and caches come to be. */
  private static void warmUp(Setup setup, long seed) throws IOException {
    try (FuzzRun run = new FuzzRun(setup, seed)) {
      run.conversations(~seed, 500);
      run.assertUnharmed();
    }
  }

  /** Of the heap after a collection, and beside it. */
  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory() + PlatformDependent.usedDirectMemory();
  }
}
