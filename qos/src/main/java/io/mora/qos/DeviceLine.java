package io.mora.qos;

/**
 * What waits on one shard for one device, and what of it is there. Made by {@link
 * ClassScheduler#line}; the shard's thread only.
 */
public final class DeviceLine {
  private final CostModel model;
  private final DeviceWindow window;

  DeviceLine(CostModel model, DeviceWindow window) {
    this.model = model;
    this.window = window;
  }

  public CostModel model() {
    return model;
  }

  public DeviceWindow window() {
    return window;
  }
}
