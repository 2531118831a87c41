package io.mora.initiator.path;

import io.mora.initiator.Association;
import io.mora.initiator.io.RawCommand;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.GetLogPage;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.log.AnaLogPage;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Reads the ANA log of a controller, in one piece. */
final class AnaReader {
  /** A log that may be longer is not read, and so there is no ANA. */
  static final int BYTES_MAX = 1 << 20;

  /** CMIC: reports ANA. */
  private static final int CMIC_ANA = 1 << 3;

  /** The event: type notice, information ANA change, log 0Ch. */
  private static final int EVENT = 0x0C_03_02;

  private static final int EVENT_MASK = 0xFF_FF_07;

  private AnaReader() {}

  static boolean isOffered(IdentifyController controller) {
    return (controller.value(Field.CMIC) & CMIC_ANA) != 0;
  }

  /** The event says that the log is another. */
  static boolean isChange(int dw0) {
    return (dw0 & EVENT_MASK) == EVENT;
  }

  /**
   * Completes on the admin queue's loop; fails as a command, or INCOMPATIBLE with what is wrong.
   */
  static CompletionStage<AnaLogPage> read(Association association) {
    IdentifyController controller = association.identify();
    long bytes =
        AnaLogPage.HEADER_LENGTH
            + controller.value(Field.NANAGRPID) * AnaLogPage.GROUP_LENGTH
            + controller.value(Field.MNAN) * Integer.BYTES;
    int length = (int) Math.min(bytes, Math.min(BYTES_MAX, controller.maxDataTransferBytes()));
    ByteBuffer data = ByteBuffer.allocate(length);
    RawCommand command = new RawCommand(AdminOpcode.GET_LOG_PAGE, 0).receive(data);
    GetLogPage.write(command.sqe(), 0, LogPageId.ANA, length, 0);
    return association.admin(command).thenApply(done -> decode(data));
  }

  private static AnaLogPage decode(ByteBuffer data) {
    try {
      return AnaLogPage.decode(Unpooled.wrappedBuffer(data), 0);
    } catch (IllegalArgumentException e) {
      throw new ConnectionException(Reason.INCOMPATIBLE, "log 0Ch: " + e.getMessage(), e);
    }
  }
}
