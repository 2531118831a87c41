package io.mora.initiator.discovery;

import io.mora.initiator.control.AdminQueue;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.data.log.DiscoveryLogEntry;
import io.mora.protocol.data.log.DiscoveryLogPage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the Discovery log as nvme-cli does: header, entries in pieces of 4 KiB, header again; all
 * over if the generation changed meanwhile.
 */
public final class DiscoveryReader {
  /** Tries before giving up on a log that never holds still. */
  public static final int TRIES_MAX = 10;

  private static final int PIECE_BYTES = 4096;

  private final AdminQueue admin;

  public DiscoveryReader(AdminQueue admin) {
    this.admin = admin;
  }

  /** Any thread; completes on the admin queue's loop. */
  public CompletableFuture<DiscoveryLogPage> read() {
    return read(1);
  }

  private CompletableFuture<DiscoveryLogPage> read(int attempt) {
    return header()
        .thenCompose(
            header -> {
              int count = recordCount(header);
              int length = DiscoveryLogPage.HEADER_LENGTH + count * DiscoveryLogEntry.LENGTH;
              ByteBuf log = Unpooled.buffer(length, length);
              log.writeBytes(header, 0, DiscoveryLogPage.HEADER_LENGTH);
              return entries(log, length);
            })
        .thenCompose(log -> header().thenCompose(header -> settle(log, header, attempt)));
  }

  private CompletableFuture<ByteBuf> header() {
    return piece(DiscoveryLogPage.HEADER_LENGTH, 0, true);
  }

  private CompletableFuture<ByteBuf> entries(ByteBuf log, int length) {
    int at = log.writerIndex();
    int bytes = Math.min(PIECE_BYTES, length - at);
    if (bytes == 0) {
      return CompletableFuture.completedFuture(log);
    }
    // Only the last piece acknowledges the event, so that no change is missed in between.
    boolean retain = at + bytes < length;
    return piece(bytes, at, retain)
        .thenCompose(piece -> entries(log.writeBytes(piece, 0, bytes), length));
  }

  private CompletableFuture<ByteBuf> piece(int bytes, long offset, boolean retain) {
    return admin.log(LogPageId.DISCOVERY | (retain ? GetLogPage.RAE : 0), bytes, offset);
  }

  private CompletableFuture<DiscoveryLogPage> settle(ByteBuf log, ByteBuf header, int attempt) {
    if (DiscoveryLogPage.generation(header, 0) == DiscoveryLogPage.generation(log, 0)
        && recordCount(header) == recordCount(log)) {
      return CompletableFuture.completedFuture(DiscoveryLogPage.decode(log, 0));
    }
    return attempt < TRIES_MAX
        ? read(attempt + 1)
        : CompletableFuture.failedFuture(
            new ConnectionException(
                Reason.CONTROLLER_FAILED,
                "the discovery log changed during each of " + TRIES_MAX + " reads"));
  }

  private static int recordCount(ByteBuf header) {
    try {
      return DiscoveryLogPage.recordCount(header, 0);
    } catch (IllegalArgumentException e) {
      throw new ConnectionException(Reason.INCOMPATIBLE, "log 70h: " + e.getMessage(), e);
    }
  }
}
