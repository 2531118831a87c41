package io.mora.target.controller.admin;

import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.data.log.AnaLogPage;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.subsystem.Namespace;
import io.mora.target.subsystem.NamespaceTable;
import io.mora.target.subsystem.PortAna;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ANA log of a controller: how the groups of the namespaces its host sees are reached through
 * the port it came in by. The home shard only.
 */
final class AnaPages {
  /** ANA groups only, without their namespaces. */
  private static final int RGO = 1;

  private final Controller controller;
  private final PortAna ana;
  private List<AnaLogPage.Group> groups;
  private long changeCount = 1;

  AnaPages(Controller controller, PortAna ana) {
    this.controller = controller;
    this.ana = ana;
    this.groups = look();
  }

  /** True if the log is another than when it was last asked for. */
  boolean isNews() {
    List<AnaLogPage.Group> now = look();
    if (now.equals(groups)) {
      return false;
    }
    groups = now;
    changeCount++;
    return true;
  }

  ByteBuf page(CommandSlot slot) {
    isNews();
    boolean groupsOnly = (GetLogPage.lsp(slot.sqe, 0) & RGO) != 0;
    AnaLogPage log =
        new AnaLogPage(
            changeCount, groupsOnly ? groups.stream().map(AnaPages::alone).toList() : groups);
    ByteBuf buf = Unpooled.buffer(log.lengthBytes(), log.lengthBytes());
    log.encode(buf, 0);
    return buf.writerIndex(log.lengthBytes());
  }

  private static AnaLogPage.Group alone(AnaLogPage.Group group) {
    return new AnaLogPage.Group(group.id(), group.changeCount(), group.state(), List.of());
  }

  private List<AnaLogPage.Group> look() {
    Map<Integer, List<Integer>> members = new TreeMap<>();
    NamespaceTable table = controller.namespaces();
    for (int i = 0; i < table.size(); i++) {
      Namespace namespace = table.at(i);
      int group = namespace.policy().reach().anaGroup();
      members.computeIfAbsent(group, g -> new ArrayList<>()).add(namespace.nsid());
    }
    PortAna.Snapshot now = ana.now();
    List<AnaLogPage.Group> found = new ArrayList<>();
    members.forEach(
        (group, nsids) ->
            found.add(
                new AnaLogPage.Group(group, now.changes(group), now.state(group).code(), nsids)));
    return found;
  }
}
