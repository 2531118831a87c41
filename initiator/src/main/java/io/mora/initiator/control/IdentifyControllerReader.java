package io.mora.initiator.control;

import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a host demands of Identify Controller, as Linux does. */
final class IdentifyControllerReader {
  private IdentifyControllerReader() {}

  static IdentifyController decode(ByteBuf data) {
    return IdentifyController.decode(data, 0);
  }

  /** What is wrong, naming field, value and what is allowed; null if nothing is. */
  static @Nullable String problem(ControllerInfo info, boolean discovery) {
    IdentifyController id = info.identify();
    if (id.controllerId() != info.controllerId()) {
      return "CNTLID " + id.controllerId() + ", Connect said " + info.controllerId();
    }
    if (id.subsystemNqn() == null) {
      return "SUBNQN holds no NQN";
    }
    if (discovery && id.value(Field.CNTRLTYPE) != 0 && !id.isDiscoveryController()) {
      return "CNTRLTYPE " + id.value(Field.CNTRLTYPE) + ", 2 for discovery";
    }
    if ((id.value(Field.SGLS) & 3) == 0) {
      return "SGLS " + id.value(Field.SGLS) + ", bits 1:0 must not be zero";
    }
    return discovery || id.isDiscoveryController() ? null : ioProblem(id);
  }

  private static @Nullable String ioProblem(IdentifyController id) {
    if (id.value(Field.KAS) == 0) {
      return "KAS 0, an I/O controller must support keep-alive";
    }
    if (id.value(Field.IOCCSZ) < 4) {
      return "IOCCSZ " + id.value(Field.IOCCSZ) + ", at least 4";
    }
    if (id.value(Field.IORCSZ) < 1) {
      return "IORCSZ 0, at least 1";
    }
    return id.value(Field.ICDOFF) == 0 ? null : "ICDOFF " + id.value(Field.ICDOFF) + ", 0";
  }
}
