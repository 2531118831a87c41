package io.mora.tests.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.util.TreeScanner;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What runs on a shard's thread holds no lock, builds no text and makes no stream. Looks at the
 * source, because a synchronized block and a call through a chain leave little in a class file.
 */
@Tag("house")
class DataPathTest {
  private static final List<String> PACKAGES =
      List.of(
          "io.mora.target.controller.queue",
          "io.mora.target.controller.nvm",
          "io.mora.target.transport",
          "io.mora.target.backend",
          "io.mora.target.backend.delay",
          "io.mora.target.backend.fault",
          "io.mora.target.backend.file",
          "io.mora.target.backend.memory",
          "io.mora.target.backend.stripe",
          "io.mora.target.shard",
          "io.mora.qos",
          "io.mora.qos.host",
          "io.mora.qos.mode",
          "io.mora.initiator.queue",
          "io.mora.protocol.pdu",
          "io.mora.protocol.command");

  /** What these do is not done for an I/O. */
  private static final Set<String> EXCEPTIONS =
      Set.of(
          // starts and stops shards, on a control thread
          "ShardGroup.java: java.util.stream.Collectors",
          "ShardGroup.java: stream",
          // where a loop has ended there is no thread to go to
          "LoopWake.java: synchronized");

  @Test
  void noLocksStreamsOrFormats() {
    Set<String> found = new TreeSet<>();
    for (CompilationUnitTree unit : Sources.main().units()) {
      if (PACKAGES.contains(Sources.packageOf(unit))) {
        new Scan(unit, found).scan(unit, null);
      }
    }
    found.removeAll(EXCEPTIONS);
    assertThat(found).isEmpty();
  }

  @Test
  void everyExceptionIsStillNeeded() {
    Set<String> found = new TreeSet<>();
    Sources.main().units().forEach(unit -> new Scan(unit, found).scan(unit, null));
    assertThat(found).containsAll(EXCEPTIONS);
  }

  private static final class Scan extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Set<String> found;

    Scan(CompilationUnitTree unit, Set<String> found) {
      this.unit = unit;
      this.found = found;
    }

    private void found(String what) {
      String file = Sources.name(unit);
      found.add(file.substring(file.lastIndexOf('/') + 1) + ": " + what);
    }

    @Override
    public Void visitSynchronized(SynchronizedTree block, Void nothing) {
      found("synchronized");
      return super.visitSynchronized(block, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
        found("synchronized");
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitImport(ImportTree imported, Void nothing) {
      String name = imported.getQualifiedIdentifier().toString();
      if (name.startsWith("java.util.concurrent.locks.")
          || name.startsWith("java.util.stream.")
          || name.equals("java.util.concurrent.ConcurrentHashMap")) {
        found(name);
      }
      return super.visitImport(imported, null);
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree select, Void nothing) {
      String name = select.getIdentifier().toString();
      boolean formats = select.getExpression().toString().equals("String") && name.equals("format");
      if (formats || name.equals("formatted")) {
        found("String.format");
      } else if (name.equals("stream") || name.equals("parallelStream")) {
        found("stream");
      }
      return super.visitMemberSelect(select, null);
    }
  }
}
