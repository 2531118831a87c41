package io.mora.initiator.accelerator;

import io.mora.initiator.buffer.BufferRegistrar;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Which buffers a driver has pinned. Any thread. */
final class PinnedMemory implements BufferRegistrar {
  private final AcceleratorDriver driver;

  // Guarded by this.
  private final Map<Long, ByteBuffer> pinned = new HashMap<>();
  private long next;
  private boolean closed;

  PinnedMemory(AcceleratorDriver driver) {
    this.driver = driver;
  }

  @Override
  public synchronized long register(ByteBuffer memory) {
    if (closed) {
      return NOT_REGISTERED;
    }
    try {
      driver.pin(memory);
    } catch (AcceleratorException refused) {
      return NOT_REGISTERED; // It can be copied from all the same; the signals tell.
    }
    pinned.put(next, memory);
    return next++;
  }

  @Override
  public synchronized boolean isValid(long registration) {
    return pinned.containsKey(registration);
  }

  @Override
  public synchronized void unregister(long registration) {
    ByteBuffer memory = pinned.remove(registration);
    if (memory != null) {
      unpin(memory);
    }
  }

  private void unpin(ByteBuffer memory) {
    try {
      driver.unpin(memory);
    } catch (AcceleratorException gone) {
      return; // With the device, or its context: then it is pinned no more.
    }
  }

  synchronized int count() {
    return pinned.size();
  }

  /** Unpins all, of buffers in use too: they stay memory of this host. */
  synchronized void close() {
    closed = true;
    pinned.values().forEach(this::unpin);
    pinned.clear();
  }
}
