package io.mora.qos.locality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.qos.locality.CpuTopology.Cpu;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PinnedThreadsTest {
  private static <T> T on(PinnedThreads threads, Supplier<T> body) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = threads.newThread(() -> result.complete(body.get()));
    thread.start();
    T value = result.get(20, TimeUnit.SECONDS);
    thread.join(20_000);
    return value;
  }

  @Test
  void runsOnTheCpuAskedFor() throws Exception {
    assumeTrue(SchedCalls.UNAVAILABLE == null, () -> "" + SchedCalls.UNAVAILABLE);
    for (Cpu cpu : CpuTopology.read().cpus()) {
      PinnedThreads threads = PinnedThreads.on(cpu.id(), body -> new Thread(body, "pinned"));
      assertThat(threads.cpu()).isEqualTo(-1);
      int ran = on(threads, SchedCalls::currentCpu);
      assertThat(ran).isEqualTo(cpu.id());
      assertThat(threads.cpu()).isEqualTo(cpu.id());
      assertThat(threads.problem()).isNull();
    }
  }

  @Test
  void runsUnpinnedAndSaysWhyWhereItIsRefused() throws Exception {
    PinnedThreads threads = PinnedThreads.on(CpuTopology.MAX_CPUS - 1, Thread::new);
    assertThat(on(threads, () -> "ran")).isEqualTo("ran");
    assertThat(threads.cpu()).isEqualTo(-1);
    assertThat(threads.problem()).isNotBlank();
  }

  @Test
  void anywhereIsNoProblem() throws Exception {
    PinnedThreads threads = PinnedThreads.anywhere(body -> new Thread(body, "free"));
    assertThat(on(threads, () -> Thread.currentThread().getName())).isEqualTo("free");
    assertThat(threads.cpu()).isEqualTo(-1);
    assertThat(threads.problem()).isNull();
    assertThatThrownBy(() -> PinnedThreads.on(-1, Thread::new)).hasMessageContaining("cpu -1");
  }

  @Test
  void rankedIsTheNicenessOfItsThreadsAlone() throws Exception {
    assumeTrue(SchedCalls.UNAVAILABLE == null, () -> "" + SchedCalls.UNAVAILABLE);
    int ours = niceness();
    PinnedThreads threads = PinnedThreads.onOrAnywhere(-1, Thread::new).ranked(17);
    assertThat(on(threads, PinnedThreadsTest::niceness)).isEqualTo(17);
    assertThat(threads.problem()).isNull();
    assertThat(niceness()).isEqualTo(ours);
  }

  @Test
  void promptThreadsHaveTheirSliceAndKeepTheirNiceness() throws Exception {
    assumeTrue(SchedCalls.UNAVAILABLE == null, () -> "" + SchedCalls.UNAVAILABLE);
    long ours = SchedCalls.slice();
    assumeTrue(ours > 0, "no slices on this kernel");
    PinnedThreads threads = PinnedThreads.anywhere(Thread::new).ranked(17).prompt();
    long theirs = on(threads, SchedCalls::slice);
    assertThat(theirs).isEqualTo(100_000);
    PinnedThreads others = PinnedThreads.anywhere(Thread::new);
    long started =
        on(
            threads,
            () ->
                CompletableFuture.supplyAsync(
                        SchedCalls::slice, body -> others.newThread(body).start())
                    .join());
    assertThat(started).as("of a thread that one of them starts").isEqualTo(ours);
    assertThat(on(threads, PinnedThreadsTest::niceness)).isEqualTo(17);
    assertThat(threads.problem()).isNull();
    assertThat(SchedCalls.slice()).isEqualTo(ours);
  }

  /**
   * Field 19 of the calling thread's stat; its name, which may hold blanks, ends with a bracket.
   */
  private static int niceness() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void currentCpuAgreesWithTheScheduler() throws Exception {
    assumeTrue(SchedCalls.UNAVAILABLE == null, () -> "" + SchedCalls.UNAVAILABLE);
    for (Cpu cpu : CpuTopology.read().cpus()) {
      PinnedThreads threads = PinnedThreads.on(cpu.id(), Thread::new);
      on(
          threads,
          () -> {
            CurrentCpu current = CurrentCpu.ofThisThread();
            assertThat(current.origin()).isIn("rseq", "sched_getcpu");
            for (int i = 0; i < 10_000; i++) {
              assertThat(current.read()).isEqualTo(cpu.id());
            }
            return current;
          });
    }
  }
}
