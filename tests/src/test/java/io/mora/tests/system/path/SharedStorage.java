package io.mora.tests.system.path;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.Backends;
import io.mora.target.shard.Shard;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One storage that several targets open, and that outlives them: the shelf behind appliances. */
final class SharedStorage implements BackendOpener, AutoCloseable {
  private @Nullable Backend opened;

  @Override
  public synchronized Backend open(BackendOptions options, TransportKind transport)
      throws IOException {
    Backend shelf = opened;
    if (shelf == null) {
      shelf = Backends.open(options, transport);
      opened = shelf;
    }
    return new View(shelf);
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }

  /** As one target has it. */
  private record View(Backend shelf) implements Backend {
    @Override
    public String description() {
      return "shared " + shelf.description();
    }

    @Override
    public BackendGeometry geometry() {
      return shelf.geometry();
    }

    @Override
    public BackendQueue queue(Shard shard) {
      return shelf.queue(shard);
    }

    @Override
    public void close() {
      // The shelf stays.
    }
  }
}
