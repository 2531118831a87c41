package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.memory.MemoryBackend;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order a size is published and the medium changed. */
class LiveSizeTest {
  private static final int WAIT_SECONDS = 20;

  private final LiveSize size =
      new LiveSize(new BackendGeometry(1 << 20, 512, false, true, false, 1));
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger underWay = new AtomicInteger(1);
  private final AtomicInteger asked = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // before each
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(new MemoryBackend(1 << 20, 512), TransportKind.NIO);
    size.opened(rig.shard(0), bytes -> 0);
    size.opened(
        rig.shard(1),
        bytes -> {
          asked.incrementAndGet();
          return underWay.get();
        });
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private void cut(long bytes) {
    log.add("medium " + bytes + " while " + size.geometry().sizeBytes() + " is served");
  }

  private CompletableFuture<Void> shrink() {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread control =
        new Thread(
            () -> {
              try {
                size.resize(512, this::cut);
                ended.complete(null);
              } catch (Throwable t) {
                ended.completeExceptionally(t);
              }
            });
    control.start();
    ended.whenComplete((nothing, failure) -> log.add("ended"));
    return ended;
  }

  private void awaitAsked(int times) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (asked.get() < times) {
      assertThat(System.nanoTime()).as("asked only %s times", asked).isLessThan(end);
      Thread.sleep(1);
    }
  }

  @Test
  void nothingIsCutWhileAnOperationIsUnderWayOnIt() throws Exception {
    CompletableFuture<Void> ended = shrink();
    awaitAsked(3);
    assertThat(size.geometry().sizeBytes()).as("new operations are refused").isEqualTo(512);
    assertThat(log).isEmpty();
    underWay.set(0);
    ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(log.get(0)).isEqualTo("medium 512 while 512 is served");
  }

  @Test
  void theMediumGrowsBeforeAnybodyMayGoThere() throws Exception {
    size.resize(2 << 20, this::cut);
    assertThat(log).containsExactly("medium 2097152 while 1048576 is served");
    assertThat(asked.get()).as("nobody has to be waited for").isZero();
    assertThat(size.geometry().sizeBytes()).isEqualTo(2 << 20);
  }

  @Test
  void aMediumThatFailsLeavesTheSizeAsItWas() {
    underWay.set(0);
    LiveSize.Medium broken =
        bytes -> {
          throw new IOException("broken");
        };
    assertThatThrownBy(() -> size.resize(512, broken)).hasMessage("broken");
    assertThatThrownBy(() -> size.resize(2 << 20, broken)).hasMessage("broken");
    assertThat(size.geometry().sizeBytes()).isEqualTo(1 << 20);
  }

  @Test
  void anInterruptedWaitLeavesTheSizeAsItWas() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> size.resize(512, this::cut))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(size.geometry().sizeBytes()).isEqualTo(1 << 20);
    assertThat(log).isEmpty();
  }
}
