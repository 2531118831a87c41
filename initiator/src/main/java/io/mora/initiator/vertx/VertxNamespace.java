package io.mora.initiator.vertx;

import io.mora.initiator.BlockRange;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A namespace whose commands end as Vert.x futures, on the context of whoever called: its event
 * loop, worker or virtual thread. What {@link RemoteNamespace} says holds otherwise.
 */
public final class VertxNamespace {
  private final Vertx vertx;
  private final RemoteNamespace namespace;

  private VertxNamespace(Vertx vertx, RemoteNamespace namespace) {
    this.vertx = vertx;
    this.namespace = namespace;
  }

  public static VertxNamespace of(Vertx vertx, RemoteNamespace namespace) {
    return new VertxNamespace(vertx, namespace);
  }

  /** The namespace itself, for all else there is. */
  public RemoteNamespace unwrap() {
    return namespace;
  }

  /** With an intent for every command. */
  public VertxNamespace with(Intent intent) {
    return new VertxNamespace(vertx, namespace.with(intent));
  }

  public Future<Completion> read(long slba, int blocks, ByteBuffer dst) {
    return onContext(namespace.read(slba, blocks, dst));
  }

  public Future<Completion> read(long slba, int blocks, ByteBuffer dst, Intent intent) {
    return onContext(namespace.read(slba, blocks, dst, intent));
  }

  public Future<Completion> read(long slba, int blocks, ByteBuffer dst, IoOptions options) {
    return onContext(namespace.read(slba, blocks, dst, options));
  }

  public Future<Completion> write(long slba, int blocks, ByteBuffer src) {
    return onContext(namespace.write(slba, blocks, src));
  }

  public Future<Completion> write(long slba, int blocks, ByteBuffer src, Intent intent) {
    return onContext(namespace.write(slba, blocks, src, intent));
  }

  public Future<Completion> write(long slba, int blocks, ByteBuffer src, IoOptions options) {
    return onContext(namespace.write(slba, blocks, src, options));
  }

  public Future<Completion> compare(long slba, int blocks, ByteBuffer expected) {
    return onContext(namespace.compare(slba, blocks, expected));
  }

  public Future<Completion> writeZeroes(long slba, long blocks) {
    return onContext(namespace.writeZeroes(slba, blocks));
  }

  public Future<Completion> deallocate(List<BlockRange> ranges) {
    return onContext(namespace.deallocate(ranges));
  }

  public Future<Completion> flush() {
    return onContext(namespace.flush());
  }

  /** Any other stage of the initiator's as a future on the caller's context. */
  public <T> Future<T> onContext(CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
  }
}
