package io.mora.target.controller.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The table against a map, under hosts that choose their CIDs well and ill. */
class CidTableTest {
  @Property(tries = 60)
  void findsWhatIsInIt(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 64) int depth,
      @ForAll @IntRange(min = 0, max = 3) int habit) {
    Random random = new Random(seed);
    TestQueue queue = new TestQueue(depth);
    CidTable table = new CidTable();
    Map<Integer, CommandSlot> model = new HashMap<>();
    List<CommandSlot> free = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      free.add(new CommandSlot(queue.pair, i));
    }
    for (int step = 0; step < 400; step++) {
      int cid = cid(random, habit);
      CommandSlot found = table.find(cid);
      assertThat(found).as("CID %s at step %s", cid, step).isSameAs(model.get(cid));
      if (found != null) {
        table.remove(found);
        model.remove(cid);
        free.add(found);
        table.remove(found);
      } else if (!free.isEmpty()) {
        CommandSlot slot = free.remove(free.size() - 1);
        slot.reset(cid);
        table.add(slot);
        model.put(cid, slot);
      } else {
        CommandSlot victim = model.values().iterator().next();
        model.remove(victim.cid);
        table.remove(victim);
        free.add(victim);
      }
      model.forEach((key, slot) -> assertThat(table.find(key)).isSameAs(slot));
    }
  }

  /** Counting, with a generation in the top bits as Linux, all in one place, or any. */
  private static int cid(Random random, int habit) {
    return switch (habit) {
      case 0 -> random.nextInt(128);
      case 1 -> random.nextInt(32) | random.nextInt(16) << 12;
      case 2 -> random.nextInt(64) << 10;
      default -> random.nextInt(65536);
    };
  }
}
