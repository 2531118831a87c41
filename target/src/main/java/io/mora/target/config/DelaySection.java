package io.mora.target.config;

import io.mora.protocol.admin.BackendSpec.Device;
import io.mora.protocol.admin.BackendSpec.Direction;
import io.mora.protocol.admin.Quantity;
import io.mora.target.config.key.DelayKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** A modelled device from and to the configuration. */
final class DelaySection {
  private DelaySection() {}

  static Device read(SectionReader delay) {
    Device flash = Device.FLASH;
    SectionReader read = delay.section(DelayKey.READ);
    SectionReader write = delay.section(DelayKey.WRITE);
    return new Device(
        delay.integer(DelayKey.PARALLELISM, flash.parallelism()),
        delay.integer(DelayKey.SCALE, flash.scale()),
        new Direction(
            read.duration(DelayKey.READ_TIME, flash.read().time()),
            read.duration(DelayKey.READ_SPREAD, flash.read().spread()),
            read.duration(DelayKey.READ_PER_MIB, flash.read().perMib()),
            read.bytes(DelayKey.READ_BANDWIDTH, flash.read().bytesPerSecond())),
        new Direction(
            write.duration(DelayKey.WRITE_TIME, flash.write().time()),
            write.duration(DelayKey.WRITE_SPREAD, flash.write().spread()),
            write.duration(DelayKey.WRITE_PER_MIB, flash.write().perMib()),
            write.bytes(DelayKey.WRITE_BANDWIDTH, flash.write().bytesPerSecond())),
        delay.integer(DelayKey.SLOW_EVERY, flash.slowEvery()),
        delay.duration(DelayKey.SLOW_TIME, flash.slowTime()));
  }

  /** Every key, so that it reads back the same whatever the defaults become. */
  static Map<String, Object> write(Device device) {
    Map<String, Object> delay = new LinkedHashMap<>();
    ConfigWriter.put(delay, DelayKey.PARALLELISM, device.parallelism());
    ConfigWriter.put(delay, DelayKey.SCALE, device.scale());
    ConfigWriter.put(delay, DelayKey.SLOW_EVERY, device.slowEvery());
    ConfigWriter.put(delay, DelayKey.SLOW_TIME, Quantity.formatDuration(device.slowTime()));
    ConfigWriter.put(delay, DelayKey.READ, direction(device.read()));
    ConfigWriter.put(delay, DelayKey.WRITE, direction(device.write()));
    return delay;
  }

  private static Map<String, Object> direction(Direction direction) {
    Map<String, Object> section = new LinkedHashMap<>();
    ConfigWriter.put(section, DelayKey.READ_TIME, Quantity.formatDuration(direction.time()));
    ConfigWriter.put(section, DelayKey.READ_SPREAD, Quantity.formatDuration(direction.spread()));
    ConfigWriter.put(section, DelayKey.READ_PER_MIB, Quantity.formatDuration(direction.perMib()));
    ConfigWriter.put(
        section, DelayKey.READ_BANDWIDTH, Quantity.formatBytes(direction.bytesPerSecond()));
    return section;
  }
}
