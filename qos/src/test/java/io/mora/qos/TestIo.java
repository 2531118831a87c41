package io.mora.qos;

import io.mora.qos.host.HostShare;
import org.jspecify.annotations.Nullable;

/** An entry with a name. */
final class TestIo extends ScheduledIo {
  final int number;

  TestIo(int number, int ioClass) {
    this.number = number;
    this.ioClass = ioClass;
    costBytes = 4096;
  }

  TestIo from(@Nullable HostShare share) {
    host = share;
    return this;
  }

  TestIo due(long ns) {
    deadlineNs = ns;
    return this;
  }

  TestIo on(DeviceLine line) {
    device = line;
    return this;
  }

  @Override
  public String toString() {
    return IoClass.name(ioClass) + " " + number;
  }
}
