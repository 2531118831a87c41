package io.mora.target.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a connection that has not said yet what it speaks. */
class FirstByteTest {
  private final List<Boolean> chosen = new ArrayList<>();

  @Test
  void aResetClosesItWithoutAWord() {
    EmbeddedChannel channel = new EmbeddedChannel(new FirstByte(10_000, chosen::add));
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    channel.checkException();
    assertThat(channel.isOpen()).isFalse();
    assertThat(chosen).isEmpty();
  }
}
