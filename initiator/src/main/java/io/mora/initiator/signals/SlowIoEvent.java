package io.mora.initiator.signals;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** An I/O that took longer than {@code ConnectOptions.slowIoNs}. */
@Name("io.mora.initiator.SlowIo")
@Label("Slow I/O")
@Category({"Mora", "Initiator"})
@StackTrace(false)
final class SlowIoEvent extends Event {
  @Label("Opcode")
  int opcode;

  @Label("CID")
  int cid;

  @Label("Status")
  int status;

  @Label("Class")
  int latencyClass;

  @Label("Flow")
  int flow;

  @Label("Intended start to ready")
  @Timespan
  long totalNs;

  @Label("Waiting in this host")
  @Timespan
  long hostQueueNs;

  @Label("Socket to consumer")
  @Timespan
  long wakeUpNs;

  @Label("In the target")
  @Timespan
  long targetTotalNs;

  @Label("At the device")
  @Timespan
  long deviceNs;

  @Label("CPU that read it")
  int completionCpu;

  @Label("CPU of the consumer")
  int consumerCpu;

  @Label("Longest part")
  String cause = "";
}
