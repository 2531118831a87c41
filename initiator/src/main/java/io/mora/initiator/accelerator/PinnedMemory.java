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
  private boolean settled;
  private boolean closed;
  private boolean left;

  PinnedMemory(AcceleratorDriver driver) {
    this.driver = driver;
  }

  @Override
  public synchronized long register(ByteBuffer memory) {
    if (settled) {
      return NOT_REGISTERED; // It was refused before; asking is dear, and somebody reads now.
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
    if (memory != null && !left) {
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

  /** All were asked for: what is not pinned by now stays so. */
  synchronized void settle() {
    settled = true;
  }

  synchronized int count() {
    return pinned.size();
  }

  /** Unpins all, of buffers in use too: they stay memory of this host. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    settled = true;
    pinned.values().forEach(this::unpin);
    pinned.clear();
  }

  /** Leaves all as it is: the driver may be reading from it. */
  synchronized void leave() {
    closed = true;
    settled = true;
    left = true;
  }
}
