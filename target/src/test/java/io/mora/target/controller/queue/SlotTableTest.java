package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTableTest {
  /** Two slots an entry, each with a TTAG of its own, made once. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 32, 128, 1024})
  void holdsTwiceTheDepth(int depth) {
    SlotTable table = new SlotTable(new TestQueue(4).pair, depth);
    Set<CommandSlot> made = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      List<CommandSlot> taken = new ArrayList<>();
      while (table.available()) {
        CommandSlot slot = table.take();
        slot.moveTo(SlotState.RECEIVED, 1);
        assertThat(table.byTag(slot.index)).isSameAs(slot);
        taken.add(slot);
      }
      assertThat(taken).hasSize(2 * depth).doesNotHaveDuplicates();
      assertThat(table.live()).isEqualTo(2 * depth);
      made.addAll(taken);
      List<CommandSlot> live = new ArrayList<>();
      table.forEachLive(live::add);
      assertThat(live).hasSize(2 * depth);
      for (CommandSlot slot : taken) {
        slot.moveTo(SlotState.FREE, 0);
        table.give(slot);
      }
      assertThat(table.live()).isZero();
    }
    assertThat(made).as("slots are reused").hasSize(2 * depth);
  }

  /** TTAGs come from the wire: none may reach beyond what was made. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 255, 65535})
  void unknownTagsAreNobody(int ttag) {
    SlotTable table = new SlotTable(new TestQueue(4).pair, 128);
    assertThat(table.byTag(ttag)).isNull();
    table.take();
    assertThat(table.byTag(ttag) != null).isEqualTo(ttag == 0);
  }
}
