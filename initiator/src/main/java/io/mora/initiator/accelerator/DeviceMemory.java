package io.mora.initiator.accelerator;

/** Memory of a device, made by {@link Accelerator#allocate}. Any thread. */
public final class DeviceMemory implements AutoCloseable {
  private final AcceleratorDriver driver;
  private final long address;
  private final long bytes;

  // Guarded by this.
  private int copies;
  private boolean closed;

  DeviceMemory(AcceleratorDriver driver, long address, long bytes) {
    this.driver = driver;
    this.address = address;
    this.bytes = bytes;
  }

  /** Where it is on the device, for whoever launches work there. */
  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** A copy to a part of it begins to be. */
  void use(long at, int length) {
    if (at < 0 || length < 0 || at > bytes - length) {
      throw new IndexOutOfBoundsException(
          length + " bytes at " + at + ": the device memory has " + bytes);
    }
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the device memory is closed");
      }
      copies++;
    }
  }

  /** That copy has ended. */
  void used() {
    synchronized (this) {
      if (--copies > 0 || !closed) {
        return;
      }
    }
    driver.free(address);
  }

  /** Takes no more copies; it is given back when the last one has ended. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (copies > 0) {
        return;
      }
    }
    driver.free(address);
  }
}
