package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.locality.IoConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer that cannot be told where it wants is told all the same, once. */
class ConsumerRefusalTest {
  private final Rig rig = new Rig();

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  private void isTold(Executor executor) {
    RemoteNamespace namespace = rig.connect().namespace(1);
    IoConsumer consumer = IoConsumer.on(executor, IoConsumer.ANYWHERE);
    for (int i = 0; i < 3; i++) {
      ByteBuffer block = ByteBuffer.allocateDirect(FakeDisk.BLOCK);
      assertThat(Rig.get(namespace.with(consumer).read(0, 1, block)).status()).isZero();
    }
  }

  @Test
  void byAnExecutorThatRejects() {
    AtomicInteger asked = new AtomicInteger();
    isTold(
        task -> {
          asked.getAndIncrement();
          throw new RejectedExecutionException("full, on purpose");
        });
    assertThat(asked).hasValue(3);
  }

  /** What a pool throws that cannot make a thread. */
  @Test
  void byAnExecutorThatIsOutOfThreads() {
    isTold(
        task -> {
          throw new OutOfMemoryError("no thread, on purpose");
        });
  }
}
