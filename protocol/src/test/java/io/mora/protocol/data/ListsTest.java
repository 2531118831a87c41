package io.mora.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ListsTest {
  private static final int LENGTH = 4096;

  /** A target must not depend on what was in the buffer before. */
  private static ByteBuf dirty(int length) {
    ByteBuf buf = Unpooled.buffer(length);
    for (int i = 0; i < length; i++) {
      buf.writeByte(0xA5);
    }
    return buf;
  }

  @Property(tries = 200)
  void namespaceListsSurvive(@ForAll long seed, @ForAll @IntRange(max = 1024) int size) {
    Random random = new Random(seed);
    TreeSet<Long> sorted = new TreeSet<>();
    while (sorted.size() < size) {
      sorted.add(1 + (random.nextInt() & 0xFFFFFFFEL));
    }
    NamespaceList list = new NamespaceList(sorted.stream().map(Long::intValue).toList());
    ByteBuf buf = dirty(LENGTH);
    list.encode(buf, 0);
    assertThat(NamespaceList.decode(buf, 0)).isEqualTo(list);
  }

  @Test
  void namespaceListsAscendUnsigned() {
    assertThat(new NamespaceList(List.of(1, 0x7FFFFFFF, 0x80000000, -2)).nsids()).hasSize(4);
    assertThat(NamespaceList.OVERFLOW.isOverflow()).isTrue();
    assertThatThrownBy(() -> new NamespaceList(List.of(2, 2)))
        .hasMessage("nsid 2 after 2: must ascend");
    assertThatThrownBy(() -> new NamespaceList(List.of(0)))
        .hasMessage("nsid 0 after 0: must ascend");
    assertThatThrownBy(() -> new NamespaceList(List.of(-1, 1)))
        .hasMessage("nsid 1 after 4294967295: must ascend");
    List<Integer> many = new ArrayList<>();
    for (int i = 1; i <= 1025; i++) {
      many.add(i);
    }
    assertThatThrownBy(() -> new NamespaceList(many)).hasMessage("1025 nsids: at most 1024");
  }

  @Property(tries = 200)
  void controllerListsSurvive(@ForAll long seed, @ForAll @IntRange(max = 2047) int size) {
    Random random = new Random(seed);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ids.add(random.nextInt(0x10000));
    }
    ControllerList list = new ControllerList(ids);
    ByteBuf buf = dirty(LENGTH);
    list.encode(buf, 0);
    assertThat(buf.getUnsignedShortLE(0)).isEqualTo(size);
    assertThat(ControllerList.decode(buf, 0)).isEqualTo(list);
  }

  @Test
  void controllerCountAboveTheSpaceIsRefused() {
    ByteBuf buf = dirty(LENGTH).setShortLE(0, 2048);
    assertThatThrownBy(() -> ControllerList.decode(buf, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count 2048: at most 2047");
  }

  @Test
  void commandSetsSurvive() {
    ByteBuf buf = dirty(LENGTH);
    CommandSetCombinations.NVM_ONLY.encode(buf, 0);
    assertThat(buf.getLongLE(0)).isEqualTo(1);
    assertThat(buf.getLongLE(8)).isZero();
    assertThat(CommandSetCombinations.decode(buf, 0)).isEqualTo(CommandSetCombinations.NVM_ONLY);
  }

  @Property(tries = 300)
  void identifiersSurvive(@ForAll long seed) {
    Random random = new Random(seed);
    NamespaceIdentifiers ids =
        new NamespaceIdentifiers(
            random.nextBoolean() ? bytes(random, 8) : null,
            random.nextBoolean() ? bytes(random, 16) : null,
            random.nextBoolean() ? new UUID(random.nextLong(), random.nextLong()) : null,
            random.nextBoolean() ? random.nextInt(256) : NamespaceIdentifiers.NO_COMMAND_SET);
    ByteBuf buf = dirty(LENGTH);
    ids.encode(buf, 0);
    assertThat(NamespaceIdentifiers.decode(buf, 0)).isEqualTo(ids);
  }

  private static Bytes bytes(Random random, int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    return Bytes.of(value);
  }

  @Test
  void identifiersOfLaterVersionsAreSkippedAndWrongLengthsRefused() {
    ByteBuf buf = Unpooled.buffer(LENGTH).writeZero(LENGTH);
    buf.setByte(0, 9).setByte(1, 3);
    buf.setByte(7, 4).setByte(8, 1).setByte(11, 2);
    assertThat(NamespaceIdentifiers.decode(buf, 0))
        .isEqualTo(new NamespaceIdentifiers(null, null, null, 2));
    buf.setByte(8, 2);
    assertThatThrownBy(() -> NamespaceIdentifiers.decode(buf, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("descriptor at 7: NIDT 4 with NIDL 2");
    ByteBuf full = dirty(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      full.setByte(i, 0xFF);
    }
    assertThatThrownBy(() -> NamespaceIdentifiers.decode(full, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void connectDataStandsWhereItMust() {
    ByteBuf buf = dirty(ConnectData.LENGTH);
    new ConnectData(new HostId(0x0102030405060708L, -1), 0xFFEF, new Nqn("sub"), new Nqn("host"))
        .encode(buf, 0);
    ByteBuf expected = Unpooled.buffer(1024).writeZero(1024);
    for (int i = 0; i < 8; i++) {
      expected.setByte(i, i + 1).setByte(8 + i, 0xFF);
    }
    expected.setByte(16, 0xEF).setByte(17, 0xFF);
    expected
        .setBytes(256, new byte[] {'s', 'u', 'b'})
        .setBytes(512, new byte[] {'h', 'o', 's', 't'});
    assertThat(Bytes.copyOf(buf, 0, 1024)).isEqualTo(Bytes.copyOf(expected, 0, 1024));
  }

  @Test
  void connectDataWithoutNamesTellsWhichIsMissing() {
    ByteBuf buf = Unpooled.buffer(1024).writeZero(1024);
    buf.setByte(512, 'h');
    ConnectData data = ConnectData.decode(buf, 0);
    assertThat(data.subsystem()).isNull();
    assertThat(data.host()).isEqualTo(new Nqn("h"));
    assertThat(data.hostId().isZero()).isTrue();
    assertThatThrownBy(() -> ConnectData.decode(buf, 1)).hasMessageContaining("1024 bytes from 1");
  }
}
