package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.SendQueue;
import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.memory.MemoryBackend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Memory that is sent from where it is: what is lent, and who waits for whom meanwhile. */
class LendingTest {
  private static final int BLOCK = 4096;
  private static final int CHUNK = MemoryBackend.CHUNK_BYTES;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SendQueue queue = new SendQueue(channel, () -> {});
  private final ByteBuf standIn = Unpooled.directBuffer(2 * CHUNK).setIndex(0, 2 * CHUNK);

  @BeforeEach
  void addresses() {
    assumeTrue(TransportKind.EPOLL.available(), "addresses are told by the epoll library");
  }

  @Test
  void whatIsLentIsWhatWasWritten() throws Exception {
    MemoryBackend memory = new MemoryBackend(4L * CHUNK, BLOCK);
    Random random = new Random(4);
    byte[] model = new byte[4 * CHUNK];
    try (Rig rig = new Rig(memory, TransportKind.NIO)) {
      Lender lender = Objects.requireNonNull(memory.lender());
      byte[] written = new byte[CHUNK];
      random.nextBytes(written);
      // Half of the second chunk and half of the third; the others are holes.
      rig.write(CHUNK + CHUNK / 2, written);
      System.arraycopy(written, 0, model, CHUNK + CHUNK / 2, CHUNK);
      for (int i = 0; i < 200; i++) {
        int length = BLOCK * (1 + random.nextInt(100));
        int from = BLOCK * random.nextInt((model.length - length) / BLOCK);
        byte[] expected = Arrays.copyOfRange(model, from, from + length);
        assertThat(rig.onShard(0, () -> lent(rig, lender, from, length))).isEqualTo(expected);
        standIn.setZero(0, 2 * CHUNK);
        assertThat(lender.copy(from, length, standIn, BLOCK)).isTrue();
        byte[] copied = new byte[length];
        standIn.getBytes(BLOCK, copied);
        assertThat(copied).isEqualTo(expected);
      }
    }
  }

  private byte[] lent(Rig rig, Lender lender, int from, int length) {
    assertThat(lender.lend(from, length, queue, standIn, 0)).isTrue();
    assertThat(queue.bytes()).isEqualTo(length);
    queue.flush(rig.shard(0).loop().memory());
    byte[] sent = new byte[length];
    int at = 0;
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      int count = piece.readableBytes();
      piece.readBytes(sent, at, count);
      at += count;
      piece.release();
    }
    assertThat(at).isEqualTo(length);
    return sent;
  }

  @Test
  void aWriterWaitsForLoansAndKeepsNewOnesOut() throws Exception {
    MemoryBackend memory = new MemoryBackend(CHUNK, BLOCK);
    Lender lender = Objects.requireNonNull(memory.lender());
    try (Rig rig = new Rig(memory, TransportKind.NIO)) {
      byte[] old = new byte[4 * BLOCK];
      Arrays.fill(old, (byte) 1);
      rig.write(0, old);
      assertThat(lender.lend(0, 4 * BLOCK, queue, standIn, 0)).isTrue();
      byte[] fresh = new byte[BLOCK];
      Arrays.fill(fresh, (byte) 2);
      TestRequest writer = rig.submit(0, TestRequest.write(BLOCK, fresh));
      TestRequest reader = null;
      while (reader == null) {
        // The writer marks what it wants once its shard has come to it.
        if (lender.lend(0, 2 * BLOCK, queue, standIn, 0)) {
          assertThat(System.nanoTime()).isPositive();
          Thread.onSpinWait();
        } else {
          reader = rig.submit(1, TestRequest.of(IoRequest.READ, BLOCK, BLOCK));
        }
      }
      assertThat(lender.copy(2 * BLOCK, 2 * BLOCK, standIn, 0)).isTrue();
      assertThat(isDone(writer)).isFalse();
      queue.drop();
      assertThat(writer.await()).isZero();
      assertThat(reader.await()).isZero();
      assertThat(reader.bytes()).isEqualTo(fresh);
      assertThat(lender.lend(0, 4 * BLOCK, queue, standIn, 0)).isTrue();
      queue.drop();
      assertThat(rig.read(0, BLOCK)).isEqualTo(Arrays.copyOf(old, BLOCK));
    }
  }

  private static boolean isDone(TestRequest request) throws Exception {
    try {
      request.status.get(50, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stillWaiting) {
      return false;
    }
  }
}
