package io.mora.cli.nvme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.cli.CliException;
import io.mora.cli.load.FakeNamespace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final int SIZE = 1024 * FakeNamespace.BLOCK;

  @Property(tries = 50)
  void whatIsWrittenIsRead(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = SIZE - 1) int length,
      @ForAll @IntRange(min = 0, max = 20) int offsetBlocks)
      throws Exception {
    FakeNamespace namespace = new FakeNamespace(1024 + 20 + 1);
    byte[] data = new byte[length];
    new Random(seed).nextBytes(data);
    long offset = (long) offsetBlocks * FakeNamespace.BLOCK;
    DataRange range = DataRange.of(namespace, offset, null);
    Transfer transfer = new Transfer(namespace, 1_000);
    assertThat(transfer.write(new ByteArrayInputStream(data), range, true, false))
        .isEqualTo(length);
    int padded = (length + FakeNamespace.BLOCK - 1) / FakeNamespace.BLOCK * FakeNamespace.BLOCK;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    transfer.read(DataRange.of(namespace, offset, (long) padded), out);
    assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(data, padded));
  }

  @Test
  void aPartialBlockIsNotWrittenUnlessPadded() throws Exception {
    FakeNamespace namespace = new FakeNamespace(4);
    byte[] data = new byte[700];
    Arrays.fill(data, (byte) 7);
    DataRange all = DataRange.of(namespace, 0, null);
    long taken =
        new Transfer(namespace, 1_000).write(new ByteArrayInputStream(data), all, false, false);
    assertThat(taken).isEqualTo(700);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Transfer(namespace, 1_000).read(all, out);
    assertThat(out.toByteArray()[511]).isEqualTo((byte) 7);
    assertThat(out.toByteArray()[512]).isZero();
  }

  @Test
  void aRangeThatIsNotBlocksIsRefusedWithTheNearestThatAre() {
    FakeNamespace namespace = new FakeNamespace(8);
    assertThatThrownBy(() -> DataRange.of(namespace, 700, null))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--offset=700")
        .hasMessageContaining("512 or 1024");
    assertThatThrownBy(() -> DataRange.of(namespace, 512, 4096L))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("3584 bytes follow offset 512");
    assertThatThrownBy(() -> DataRange.of(namespace, 8192, null))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("4096 bytes (4KiB)");
  }
}
