package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.TransportKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NullBackendTest {
  @Test
  void forgetsWritesAndNeverShowsWhatABufferHeld() throws Exception {
    BackendOptions options = BackendOptions.nothing(1L << 60, 512);
    try (Rig rig = new Rig(Backends.open(options, TransportKind.NIO), TransportKind.NIO)) {
      byte[] bytes = new byte[3 << 20];
      Arrays.fill(bytes, (byte) 7);
      rig.write((1L << 60) - bytes.length, bytes);
      TestRequest read = TestRequest.of(IoRequest.READ, (1L << 60) - bytes.length, bytes.length);
      read.memory.put(0, bytes);
      assertThat(rig.run(read)).isZero();
      assertThat(read.bytes()).isEqualTo(new byte[bytes.length]);
      assertThat(rig.run(IoRequest.FLUSH, 0, 0)).isZero();
      assertThat(rig.run(IoRequest.DEALLOCATE, 0, 1L << 60)).isZero();
      assertThat(rig.run(IoRequest.READ, 1L << 60, 512)).isNotZero();
    }
  }
}
