package io.mora.initiator.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Identifiers: below the size, never twice at a time, reserved ones kept. */
class CommandTableTest {
  @Property(tries = 200)
  void identifiersAreUniqueWhileInUse(@ForAll @Size(max = 300) List<Boolean> takes) {
    CommandTable table = new CommandTable(16, 3);
    List<PendingCommand> inUse = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (boolean take : takes) {
      if (take && inUse.size() < 13) {
        PendingCommand command = Objects.requireNonNull(table.take());
        assertThat(command.cid).isBetween(0, 12);
        assertThat(ids.add(command.cid)).isTrue();
        inUse.add(command);
      } else if (!inUse.isEmpty()) {
        PendingCommand command = inUse.remove(0);
        ids.remove(command.cid);
        table.release(command);
      }
      assertThat(table.inUse()).isEqualTo(inUse.size());
      assertThat(table.hasFree()).isEqualTo(inUse.size() < 13);
    }
  }

  @Example
  void anAnswerFindsOnlyWhatWasSent() {
    CommandTable table = new CommandTable(8, 1);
    PendingCommand command = Objects.requireNonNull(table.take());
    assertThat(table.sent(command.cid)).isNull();
    command.sending(1, 1);
    assertThat(table.sent(command.cid)).isSameAs(command);
    assertThat(table.sent(8)).isNull();
    assertThat(table.sent(0xFFFF)).isNull();
    table.release(command);
    assertThat(table.sent(command.cid)).isNull();
  }
}
