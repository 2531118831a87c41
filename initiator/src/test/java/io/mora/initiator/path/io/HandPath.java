package io.mora.initiator.path.io;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.FailedIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.path.route.PathControl;
import io.mora.initiator.path.select.PathLoad;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.status.Status;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A path whose controller is the test: commands wait until it answers or is lost; what was lost may
 * land until the path is quiet.
 */
final class HandPath implements PathControl {
  static final long QUIET_NS = 1_000_000;

  final List<Command> waiting = new ArrayList<>();
  final List<Command> late = new ArrayList<>();
  final RemoteNamespace namespace;
  private final HandClock clock;
  private final long[] storage;
  private final PathLoad load;
  private Runnable told = () -> {};

  /** Of each read and write that was sent, in their order. */
  final List<IoOptions> asked = new ArrayList<>();

  /** A command at the controller. */
  record Command(boolean write, ByteBuffer data, IoCallback callback, long context, long untilNs) {}

  HandPath(int slot, HandClock clock, long[] storage) {
    this.clock = clock;
    this.storage = storage;
    this.load = new PathLoad(slot, clock.nowNs());
    this.namespace =
        (RemoteNamespace)
            Proxy.newProxyInstance(
                HandPath.class.getClassLoader(),
                new Class<?>[] {RemoteNamespace.class},
                (self, method, arguments) ->
                    switch (method.getName()) {
                      case "nsid", "transferBlocksMax" -> 1;
                      case "blocks" -> 1L;
                      case "blockBytes" -> Long.BYTES;
                      case "read", "write" -> take(method.getName().equals("write"), arguments);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
  }

  private boolean take(boolean write, Object[] arguments) {
    asked.add(new IoOptions().set((IoOptions) arguments[3]));
    return waiting.add(
        new Command(
            write, (ByteBuffer) arguments[2], (IoCallback) arguments[4], (Long) arguments[5], 0));
  }

  /** Run when a command says that the path failed it. */
  void whenTold(Runnable task) {
    told = task;
  }

  /** Does the oldest command. */
  void answer() {
    if (!waiting.isEmpty()) {
      Command command = waiting.remove(0);
      run(command);
      end(command, Status.SUCCESS, null, clock.nowNs());
    }
  }

  private void run(Command command) {
    if (command.write) {
      storage[0] = command.data.getLong(0);
    } else {
      command.data.putLong(0, storage[0]);
    }
  }

  /** Answers the oldest with a path-related status, not done. */
  void refuse() {
    if (!waiting.isEmpty()) {
      end(waiting.remove(0), Status.ANA_INACCESSIBLE, null, clock.nowNs());
    }
  }

  /** The connection is gone: of what was sent nobody knows. */
  void lose(boolean sent) {
    List<Command> lost = List.copyOf(waiting);
    waiting.clear();
    for (Command each : lost) {
      if (sent && each.write) {
        ByteBuffer kept = ByteBuffer.allocate(Long.BYTES).putLong(0, each.data.getLong(0));
        late.add(new Command(true, kept, each.callback, each.context, clock.nowNs() + QUIET_NS));
      }
      ConnectionException why = new ConnectionException(Reason.LOST, "by hand");
      end(each, Status.HOST_PATH_ERROR, why, sent ? clock.nowNs() : 0);
    }
  }

  /** A write that was lost lands, if it still may. */
  void land() {
    late.removeIf(each -> each.untilNs < clock.nowNs());
    if (!late.isEmpty()) {
      run(late.remove(0));
    }
  }

  private void end(
      Command command,
      int status,
      @org.jspecify.annotations.Nullable ConnectionException failure,
      long sentNs) {
    int opcode = command.write ? NvmOpcode.WRITE : NvmOpcode.READ;
    FailedIo told = FailedIo.now(status, opcode, clock.nowNs(), failure);
    command.callback.completed(command.context, status, new StagedIo(null, told, sentNs));
  }

  @Override
  public PathLoad load() {
    return load;
  }

  @Override
  public void answered(int nsid, int status) {
    told.run();
  }

  @Override
  public void failed() {
    told.run();
  }

  @Override
  public long quietAtNs(long nowNs) {
    return nowNs + QUIET_NS;
  }

  @Override
  public long changedByNs(int nsid, long nowNs) {
    return nowNs;
  }
}
