package io.mora.target.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A slow command, for a flight recording; made only while one asks for it. */
@Name("io.mora.SlowIo")
@Label("Slow I/O")
@Category("Mora")
@Description("A command that took longer than latencyIntent.slowThreshold")
@StackTrace(false)
public final class SlowIoEvent extends Event {
  private static final EventType TYPE = EventType.getEventType(SlowIoEvent.class);

  @Label("Queue")
  int qid;

  @Label("Namespace")
  int nsid;

  @Label("Opcode")
  int opcode;

  @Label("Bytes")
  long bytes;

  @Label("Class")
  int effectiveClass;

  @Label("Late Cause")
  String lateCause = "";

  @Timespan(Timespan.NANOSECONDS)
  @Label("Scheduled")
  long scheduled;

  @Timespan(Timespan.NANOSECONDS)
  @Label("Device")
  long device;

  @Timespan(Timespan.NANOSECONDS)
  @Label("Send")
  long send;

  @Timespan(Timespan.NANOSECONDS)
  @Label("Total")
  long total;

  /** Tells a recording, if there is one. */
  static void tell(SampleSlot sample, int queue) {
    if (!TYPE.isEnabled()) {
      return;
    }
    SlowIoEvent event = new SlowIoEvent();
    event.qid = queue;
    event.nsid = sample.nsid;
    event.opcode = sample.opcode;
    event.bytes = sample.bytes;
    event.effectiveClass = sample.effectiveClass;
    LateCause late = sample.late;
    event.lateCause = late == null ? "" : late.word();
    event.scheduled = sample.scheduledNs;
    event.device = sample.deviceNs;
    event.send = sample.sendNs;
    event.total = sample.totalNs;
    event.commit();
  }
}
