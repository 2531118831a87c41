package io.mora.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StampsTest {
  private static final int BYTES = 512;

  @Property
  void anyFlippedBitIsFound(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 7) int index,
      @ForAll @IntRange(min = 0, max = BYTES * 8 - 1) int bit) {
    Stamps stamps = new Stamps(seed, 8);
    ByteBuffer data = ByteBuffer.allocate(BYTES);
    stamps.stamp(data, index);
    assertThat(stamps.problem(data, index)).isNull();
    data.put(bit / 8, (byte) (data.get(bit / 8) ^ 1 << bit % 8));
    assertThat(stamps.problem(data, index)).isNotNull();
  }

  @Test
  void anEarlierWriteAndAnotherPlaceAreFound() {
    Stamps stamps = new Stamps(1, 8);
    ByteBuffer first = ByteBuffer.allocate(BYTES);
    ByteBuffer second = ByteBuffer.allocate(BYTES);
    stamps.stamp(first, 3);
    stamps.stamp(second, 3);
    assertThat(stamps.problem(first, 3)).contains("should hold its write 2");
    assertThat(stamps.problem(second, 3)).isNull();
    assertThat(stamps.known(4)).isFalse();
    assertThat(stamps.problem(second, 4)).contains("I/O 4");
  }

  @Test
  void tooLargeARegionIsRefused() {
    assertThatThrownBy(() -> new Stamps(1, Stamps.INDICES_MAX + 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most");
  }
}
