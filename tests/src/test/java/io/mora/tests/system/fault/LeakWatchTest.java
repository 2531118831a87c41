package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.LeakWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The watch that the fault tests rely on sees a leak. */
@Tag("fault")
class LeakWatchTest {
  @Test
  void aForgottenBufferIsReported() {
    try (LeakWatch watch = new LeakWatch()) {
      forget();
      assertThat(watch.leaks()).isNotEmpty();
    }
  }

  @Test
  void aReleasedBufferIsNot() {
    try (LeakWatch watch = new LeakWatch()) {
      ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(4096);
      buffer.writeLong(1);
      buffer.release();
      assertThat(watch.leaks()).isEmpty();
    }
  }

  private static void forget() {
    ByteBuf buffer = ByteBufAllocator.DEFAULT.directBuffer(4096);
    buffer.writeLong(1);
  }
}
