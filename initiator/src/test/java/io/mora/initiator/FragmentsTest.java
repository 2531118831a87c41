package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.io.Completion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However the bytes of the controller are cut, the same commands end the same way. */
class FragmentsTest {
  @Property(tries = 12)
  void howBytesAreCutDoesNotMatter(
      @ForAll long seed, @ForAll boolean headerDigest, @ForAll boolean dataDigest)
      throws IOException {
    Random random = new Random(seed);
    try (Rig rig = new Rig()) {
      rig.controller.fragments = new Random(seed);
      rig.controller.successFlag = random.nextBoolean();
      rig.controller.disk.c2hBytes = 512 * (1 + random.nextInt(9));
      rig.controller.r2tBytes = 4 * (1 + random.nextInt(5000));
      rig.controller.maxH2cData = 4096 + 4 * random.nextInt(3000);
      ConnectOptions options =
          rig.options().headerDigest(headerDigest).dataDigest(dataDigest).build();
      RemoteNamespace namespace = rig.connect(options).namespace(1);
      List<CompletionStage<Completion>> writes = new ArrayList<>();
      List<ByteBuffer> written = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ByteBuffer data = Rig.random(1 + random.nextInt(100), seed + i);
        written.add(data);
        writes.add(namespace.onQueue(i % 2).write(i * 100L, blocks(data), data));
      }
      writes.forEach(Rig::get);
      List<CompletionStage<Completion>> reads = new ArrayList<>();
      List<ByteBuffer> read = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ByteBuffer data = ByteBuffer.allocateDirect(written.get(i).remaining());
        read.add(data);
        reads.add(namespace.onQueue(i % 2).read(i * 100L, blocks(data), data));
      }
      reads.forEach(Rig::get);
      assertThat(read).isEqualTo(written);
      assertThat(rig.controller.failures()).isEmpty();
    }
  }

  private static int blocks(ByteBuffer data) {
    return data.remaining() / FakeDisk.BLOCK;
  }
}
