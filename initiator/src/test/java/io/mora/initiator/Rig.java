package io.mora.initiator;

import io.mora.initiator.fake.FakeAdmin;
import io.mora.initiator.fake.FakeController;
import io.mora.initiator.fake.FakeDisk;
import io.mora.protocol.net.TransportKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A fake controller and an initiator of two loops; short times. */
public final class Rig implements AutoCloseable {
  /** Longer than anything that does not hang takes. */
  public static final long PATIENCE_S = 20;

  public final FakeController controller = new FakeController();
  public final Initiator initiator;

  public Rig() {
    this(TransportKind.NIO);
  }

  public Rig(TransportKind transport) {
    initiator = Initiator.create(InitiatorOptions.builder().transport(transport).loops(2).build());
  }

  public ConnectOptions.Builder options() {
    return ConnectOptions.to(controller.address(), FakeAdmin.SUBSYSTEM)
        .queues(2)
        .reconnectDelayMs(20)
        .drainTimeoutMs(200)
        .connectTimeoutMs(5000);
  }

  public Association connect(ConnectOptions options) {
    return get(initiator.connect(options));
  }

  public Association connect() {
    return connect(options().build());
  }

  public static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the failure of a stage. */
  public static Throwable failure(CompletionStage<?> stage) {
    try {
      get(stage);
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("succeeded");
  }

  public static <T extends Throwable> T failure(CompletionStage<?> stage, Class<T> type) {
    return type.cast(failure(stage));
  }

  public static ByteBuffer random(int blocks, long seed) {
    byte[] bytes = new byte[blocks * FakeDisk.BLOCK];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    initiator.close();
    controller.close();
  }
}
