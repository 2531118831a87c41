package io.mora.tests.system.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mora.initiator.BlockRange;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.IoOptions;
import io.mora.protocol.CommandException;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.protocol.status.Status;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Scratch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.load.Pattern;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * I/O of every size around each limit: what goes in the capsule, one R2T, several H2CData, one
 * command, several commands.
 */
@Tag("loopback")
class TransferSizesTest {
  private static final int IN_CAPSULE = 8 << 10;
  private static final int COMMAND = 128 << 10;
  private static final int H2C_DATA = 32 << 10;
  private static final long SIZE = 8L << 20;

  @RegisterExtension final Evidence evidence = new Evidence();

  @ParameterizedTest(name = "{0}-byte blocks, memory {1}")
  @CsvSource({"512, true", "4096, true", "512, false", "4096, false"})
  void everySizeComesBackAsWritten(int blockBytes, boolean memory) {
    RemoteNamespace namespace = namespace(blockBytes, memory);
    assertThat(namespace.transferBlocksMax()).isEqualTo(COMMAND / blockBytes);
    int[] limits = {blockBytes, IN_CAPSULE, H2C_DATA, COMMAND, 2 * COMMAND, 5 * COMMAND};
    long stamp = 1;
    for (int limit : limits) {
      for (int blocks : new int[] {-1, 0, 1}) {
        int size = limit / blockBytes + blocks;
        if (size > 0) {
          roundTrip(namespace, size, stamp++);
        }
      }
    }
  }

  private static void roundTrip(RemoteNamespace namespace, int blocks, long stamp) {
    int blockBytes = namespace.blockBytes();
    long lba = stamp % 3;
    ByteBuffer data = ByteBuffer.allocateDirect(blocks * blockBytes);
    Pattern.fill(data, lba, blocks, blockBytes, stamp);
    Waiting.get(namespace.write(lba, blocks, data, new IoOptions().fua(stamp % 2 == 0)));
    Waiting.get(namespace.compare(lba, blocks, data));

    ByteBuffer back = ByteBuffer.allocateDirect(blocks * blockBytes);
    Waiting.get(namespace.read(lba, blocks, back));
    assertThat(back).as("%d blocks", blocks).isEqualTo(data);

    data.put(data.capacity() - 1, (byte) ~data.get(data.capacity() - 1));
    Throwable different = Waiting.failure(namespace.compare(lba, blocks, data));
    assertThat(different).isInstanceOf(CommandException.class);
    assertThat(Status.code(((CommandException) different).status()))
        .isEqualTo(Status.COMPARE_FAILURE);
  }

  @ParameterizedTest(name = "{0}-byte blocks, memory {1}")
  @CsvSource({"512, true", "4096, true", "512, false", "4096, false"})
  void zeroesAndDeallocatedBlocksReadAsZeroes(int blockBytes, boolean memory) {
    RemoteNamespace namespace = namespace(blockBytes, memory);
    int blocks = 2 * COMMAND / blockBytes;
    ByteBuffer data = ByteBuffer.allocateDirect(blocks * blockBytes);
    Pattern.fill(data, 0, blocks, blockBytes, 7);
    Waiting.get(namespace.write(0, blocks, data));

    Waiting.get(namespace.writeZeroes(1, 3));
    Waiting.get(namespace.writeZeroes(blocks / 2, blocks / 2));
    Waiting.get(
        namespace.deallocate(List.of(new BlockRange(8, 4), new BlockRange(blocks / 4, 64))));

    ByteBuffer back = ByteBuffer.allocateDirect(blocks * blockBytes);
    Waiting.get(namespace.read(0, blocks, back));
    for (int i = 0; i < blocks; i++) {
      boolean zero =
          i >= 1 && i < 4
              || i >= blocks / 2
              || i >= 8 && i < 12
              || i >= blocks / 4 && i < blocks / 4 + 64;
      assertThat(Pattern.stampOf(back, i * blockBytes, i, blockBytes))
          .as("block %d", i)
          .isEqualTo(zero ? Pattern.ZEROES : 7);
    }
  }

  @Test
  void theLastBlockCanBeUsedAndNoneBeyond() {
    RemoteNamespace namespace = namespace(512, true);
    long last = namespace.blocks() - 1;
    roundTripAt(namespace, last);
    ByteBuffer two = ByteBuffer.allocateDirect(1024);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> namespace.read(last, 2, two));
  }

  private static void roundTripAt(RemoteNamespace namespace, long lba) {
    ByteBuffer data = ByteBuffer.allocateDirect(namespace.blockBytes());
    Pattern.fill(data, lba, 1, namespace.blockBytes(), 3);
    Waiting.get(namespace.write(lba, 1, data));
    ByteBuffer back = ByteBuffer.allocateDirect(namespace.blockBytes());
    Waiting.get(namespace.read(lba, 1, back));
    assertThat(back).isEqualTo(data);
  }

  private RemoteNamespace namespace(int blockBytes, boolean memory) {
    LimitsSpec limits =
        LimitsSpec.DEFAULT.withTransfer(new TransferSpec(IN_CAPSULE, COMMAND, H2C_DATA));
    Served served = Served.on(1).with(limits);
    served =
        memory
            ? served.withMemory(SIZE, blockBytes)
            : served.withFile(evidence.closing(new Scratch()).file("blocks"), SIZE, blockBytes);
    TargetFixture target = evidence.closing(TargetFixture.start(served));
    evidence.offer("target.txt", target::state);
    return evidence.closing(InitiatorFixture.start()).namespace(target.address());
  }
}
