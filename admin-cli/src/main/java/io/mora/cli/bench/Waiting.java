package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.load.sync.SyncIo;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.EndedIo;
import io.mora.initiator.io.IoCallback;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import io.mora.initiator.sync.SyncNamespace;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.protocol.command.NvmOpcode;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the threads of {@code --sync} wait. */
enum Waiting {
  /** On a queue of their own, which they drive. */
  OWN,
  /** On a loop, which tells them. */
  LOOP;

  static Waiting parse(String text) {
    for (Waiting each : values()) {
      if (each.configName().equals(text)) {
        return each;
      }
    }
    throw CliException.usage("--sync=" + text + ": own or loop");
  }

  String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * For the calling thread.
   *
   * @param spinNs how long it polls its own queue before it sleeps
   */
  SyncIo open(RemoteNamespace namespace, long spinNs) {
    return this == OWN
        ? new Own(namespace, namespace.association().openThreadQueue(spinNs))
        : new Told(namespace);
  }

  private static final class Own implements SyncIo {
    private final ThreadQueue queue;
    private final SyncNamespace namespace;

    Own(RemoteNamespace namespace, ThreadQueue queue) {
      this.queue = queue;
      this.namespace = queue.on(namespace);
    }

    @Override
    public IoResult run(boolean read, long slba, int blocks, ByteBuffer data, IoOptions options) {
      return read
          ? namespace.read(slba, blocks, data, options)
          : namespace.write(slba, blocks, data, options);
    }

    @Override
    public void close() {
      queue.close();
    }
  }

  /** What a future does, without its objects: the loop keeps the result and wakes the thread. */
  private static final class Told implements SyncIo, IoCallback {
    private final RemoteNamespace namespace;
    private final Thread owner = Thread.currentThread();
    private volatile @Nullable IoResult ended;

    Told(RemoteNamespace namespace) {
      this.namespace = namespace;
    }

    @Override
    public void completed(long context, int status, IoResult io) {
      ended = new Copy(io);
      LockSupport.unpark(owner);
    }

    @Override
    public IoResult run(boolean read, long slba, int blocks, ByteBuffer data, IoOptions options) {
      ended = null;
      boolean taken =
          read
              ? namespace.read(slba, blocks, data, options, this, 0)
              : namespace.write(slba, blocks, data, options, this, 0);
      if (!taken) {
        String opcode = Integer.toHexString(read ? NvmOpcode.READ : NvmOpcode.WRITE);
        throw new CompletionException(new RejectedExecutionException("opcode " + opcode + "h"));
      }
      IoResult result = ended;
      while (result == null) {
        LockSupport.park(this);
        result = ended;
      }
      return result;
    }

    @Override
    public void close() {}
  }

  /** The command is in use again when the thread looks. */
  private static final class Copy extends EndedIo {
    Copy(IoResult io) {
      super(io);
    }
  }
}
