package io.mora.initiator.control;

import io.mora.initiator.queue.HostQueuePair;
import io.mora.initiator.queue.PendingCommand;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.LogPageId;
import io.mora.protocol.status.Status;
import io.mora.protocol.status.StatusCode;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one Asynchronous Event Request with the controller; on the admin queue's loop. */
public final class AsyncEvents {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncEvents.class);
  private static final int RESERVED = 2;
  private static final long NEVER_NS = Long.MAX_VALUE / 4;

  private static final int NOTICE = 2;

  private final HostQueuePair queue;
  private final IntConsumer listener;

  /**
   * @param listener told the DW0 of each event
   */
  public AsyncEvents(HostQueuePair queue, IntConsumer listener) {
    this.queue = queue;
    this.listener = listener;
  }

  /** Asks for the next event, unless that is under way. */
  public void request() {
    PendingCommand command = queue.reserved(RESERVED);
    if (command == null) {
      return;
    }
    command
        .start(AdminOpcode.ASYNC_EVENT_REQUEST, 0)
        .timeoutNs(NEVER_NS)
        .callback(
            (context, status, result) -> {
              if (Status.isSuccess(status)) {
                int event = result.dw0();
                request();
                listener.accept(event);
              } else if (result.failure() == null) {
                LOG.warn(
                    "Asynchronous Event Request: {}",
                    StatusCode.describe(status, AdminOpcode.ASYNC_EVENT_REQUEST));
              }
            },
            0);
    queue.publish(command);
  }

  /** The event says that namespaces came, went or changed. */
  public static boolean isNamespaceChange(int event) {
    return (event & 7) == NOTICE && (event >>> 16 & 0xFF) == LogPageId.CHANGED_NAMESPACES;
  }

  /** The event says that the controller broke and should be reset. */
  public static boolean isPersistentError(int event) {
    return (event & 7) == 0 && (event >>> 8 & 0xFF) == 3;
  }
}
