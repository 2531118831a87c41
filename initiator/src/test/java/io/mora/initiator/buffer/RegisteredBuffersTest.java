package io.mora.initiator.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Bound, alignment, exclusive use, and what counts as a hit. */
class RegisteredBuffersTest {
  /** A driver that can be reset: registrations of before then lapse. */
  private static class Driver implements BufferRegistrar {
    private final Set<Long> valid = new HashSet<>();
    private long next;

    @Override
    public long register(ByteBuffer memory) {
      valid.add(next);
      return next++;
    }

    @Override
    public boolean isValid(long registration) {
      return valid.contains(registration);
    }

    @Override
    public void unregister(long registration) {
      assertThat(valid.remove(registration)).isTrue();
    }
  }

  private static RegisteredBuffer take(RegisteredBuffers pool) {
    return Objects.requireNonNull(pool.take());
  }

  @Test
  void buffersAreAlignedAndBounded() {
    try (RegisteredBuffers pool = RegisteredBuffers.allocate(6000, 5)) {
      List<RegisteredBuffer> taken = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        taken.add(take(pool));
      }
      assertThat(pool.take()).isNull();
      for (RegisteredBuffer buffer : taken) {
        assertThat(buffer.bytes().capacity()).isEqualTo(6000);
        assertThat(buffer.bytes().alignmentOffset(0, RegisteredBuffers.ALIGNMENT)).isZero();
      }
      assertThat(new HashSet<>(taken)).hasSize(5);
      taken.forEach(RegisteredBuffer::close);
      BufferSignals signals = pool.signals();
      assertThat(signals.free()).isEqualTo(5);
      assertThat(signals.exhausted()).isEqualTo(1);
      assertThatThrownBy(taken.get(0)::close).hasMessageContaining("given back already");
    }
  }

  @Test
  void aRegistrarThatFailsCostsNoBuffer() {
    Driver driver =
        new Driver() {
          @Override
          public long register(ByteBuffer memory) {
            throw new IllegalStateException("no more pages to pin");
          }
        };
    try (RegisteredBuffers pool = RegisteredBuffers.allocate(4096, 1, driver)) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(pool::take).hasMessage("no more pages to pin");
      }
      assertThat(pool.signals().free()).isEqualTo(1);
    }
  }

  @Test
  void poolingAloneIsNoHit() {
    try (RegisteredBuffers pool = RegisteredBuffers.allocate(4096, 2)) {
      for (int i = 0; i < 10; i++) {
        take(pool).close();
      }
      assertThat(pool.signals().reuses()).isEqualTo(9);
      assertThat(pool.signals().hits()).isZero();
      assertThat(pool.signals().hitRate()).isZero();
    }
  }

  @Test
  void aHitIsAUseUnderAValidRegistration() {
    Driver driver = new Driver();
    RegisteredBuffers pool = RegisteredBuffers.allocate(4096, 1, driver);
    for (int i = 0; i < 10; i++) {
      take(pool).close();
    }
    assertThat(pool.signals().hits()).isEqualTo(9);
    driver.valid.clear();
    RegisteredBuffer inUse = take(pool);
    assertThat(driver.isValid(inUse.registration())).isTrue();
    BufferSignals signals = pool.signals();
    assertThat(signals.hits()).isEqualTo(9);
    assertThat(signals.stale()).isEqualTo(1);
    assertThat(signals.registrations()).isEqualTo(2);
    assertThat(signals.churn()).isEqualTo(3);
    pool.close();
    assertThat(driver.valid).hasSize(1);
    inUse.close();
    assertThat(driver.valid).isEmpty();
    assertThat(pool.take()).isNull();
  }

  @Test
  void nobodySharesABuffer() throws InterruptedException {
    RegisteredBuffers pool = RegisteredBuffers.allocate(64, 3);
    AtomicIntegerArray owners = new AtomicIntegerArray(3);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  RegisteredBuffer buffer = pool.take();
                  if (buffer != null) {
                    int others = owners.getAndIncrement(buffer.index());
                    if (others != 0) {
                      failure.set(new AssertionError("buffer " + buffer.index() + " shared"));
                    }
                    owners.getAndDecrement(buffer.index());
                    buffer.close();
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(pool.signals().free()).isEqualTo(3);
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertThatThrownBy(() -> RegisteredBuffers.allocate(0, 1))
        .hasMessageContaining("bufferBytes 0");
    assertThatThrownBy(() -> RegisteredBuffers.allocate(1, 0)).hasMessageContaining("count 0");
  }
}
