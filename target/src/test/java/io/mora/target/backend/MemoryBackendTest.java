package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.memory.MemoryBackend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What memory costs, and that a block is never seen half written. */
class MemoryBackendTest {
  private static final long TIB = 1L << 40;
  private static final int CHUNK = MemoryBackend.CHUNK_BYTES;

  @Test
  void aHugeNamespaceCostsWhatWasWritten() throws Exception {
    MemoryBackend memory = new MemoryBackend(256 * TIB, 4096);
    try (Rig rig = new Rig(memory, TransportKind.NIO)) {
      assertThat(rig.read(100 * TIB, 1 << 20)).isEqualTo(new byte[1 << 20]);
      assertThat(memory.residentBytes()).isZero();
      rig.write(200 * TIB - 4096, new byte[8192]);
      assertThat(memory.residentBytes()).isEqualTo(2 * CHUNK);
      assertThat(rig.run(IoRequest.WRITE_ZEROES, 0, 4096)).isZero();
      assertThat(memory.residentBytes()).isEqualTo(2 * CHUNK);
      assertThat(rig.run(IoRequest.DEALLOCATE, 200 * TIB, CHUNK)).isZero();
      assertThat(memory.residentBytes()).isEqualTo(CHUNK);
      assertThat(rig.run(IoRequest.DEALLOCATE, 0, 256 * TIB)).isZero();
      assertThat(memory.residentBytes()).isZero();
    }
  }

  @Test
  void aLongDeallocationLetsTheLoopTurn() throws Exception {
    MemoryBackend memory = new MemoryBackend(1L << 50, 512);
    try (Rig rig = new Rig(memory, TransportKind.NIO)) {
      List<String> order = new ArrayList<>();
      TestRequest all = TestRequest.of(IoRequest.DEALLOCATE, 0, 1L << 50);
      rig.onShard(
          0,
          () -> {
            rig.queue(0).submit(all);
            assertThat(all.status).isNotDone();
            assertThat(rig.queue(0).inFlight()).isEqualTo(1);
            all.status.thenRun(() -> order.add("deallocated"));
            rig.shard(0).execute(() -> order.add("others"));
            return true;
          });
      assertThat(all.await()).isZero();
      assertThat(rig.onShard(0, () -> List.copyOf(order))).containsExactly("others", "deallocated");
    }
  }

  @Test
  void blocksAreNeverTornBetweenShards() throws Exception {
    int rounds = 8_000;
    try (Rig rig = new Rig(new MemoryBackend(1 << 20, 4096), TransportKind.NIO)) {
      Hammer writer = new Hammer(rig, 0, IoRequest.WRITE, rounds);
      Hammer otherWriter = new Hammer(rig, 1, IoRequest.WRITE, rounds);
      Hammer reader = new Hammer(rig, 0, IoRequest.READ, rounds);
      Hammer otherReader = new Hammer(rig, 1, IoRequest.READ, rounds);
      List<Hammer> all = List.of(writer, otherWriter, reader, otherReader);
      for (Hammer each : all) {
        each.start();
      }
      for (Hammer each : all) {
        assertThat(each.await()).isZero();
      }
      assertThat(reader.torn + otherReader.torn).isZero();
    }
  }

  /** Writes blocks each full of one value, two values by turns, or reads and counts mixtures. */
  private static final class Hammer extends TestRequest {
    private static final int BLOCK = 4096;
    private static final int LENGTH = 32 * BLOCK;

    private final Rig rig;
    private final int shard;
    private final ByteBuf[] patterns = new ByteBuf[2];
    private int left;
    int torn;

    Hammer(Rig rig, int shard, int op, int rounds) {
      super(LENGTH);
      this.rig = rig;
      this.shard = shard;
      this.op = op;
      this.left = rounds;
      lengthBytes = LENGTH;
      for (int i = 0; i < 2; i++) {
        patterns[i] = Unpooled.directBuffer(LENGTH);
        for (int at = 0; at < LENGTH; at++) {
          patterns[i].setByte(at, 1 + 2 * shard + i);
        }
      }
    }

    void start() {
      rig.shard(shard).execute(this::again);
    }

    private void again() {
      if (op == WRITE) {
        data = patterns[left & 1];
      }
      rig.queue(shard).submit(this);
    }

    @Override
    public void complete(int outcome) {
      for (int at = 0; op == READ && at < LENGTH; at += BLOCK) {
        // All bytes alike: the block equals itself one further on.
        ByteBuffer shifted = memory.slice(at + 1, BLOCK - 1);
        torn += memory.slice(at, BLOCK - 1).mismatch(shifted) < 0 ? 0 : 1;
      }
      if (outcome != 0 || --left == 0) {
        super.complete(outcome);
      } else {
        rig.shard(shard).execute(this::again);
      }
    }
  }
}
