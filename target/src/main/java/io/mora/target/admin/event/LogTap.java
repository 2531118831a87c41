package io.mora.target.admin.event;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Copies what the daemon logs at info and above into the events: connects and disconnects, refused
 * hosts, modes that ended, failures. The log has a line for each such thing and none for an I/O.
 */
public final class LogTap extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  /** The audit log is an event already. */
  public static final String AUDIT = "io.mora.audit";

  private static final String OURS = "io.mora";

  private final EventLog events;

  private LogTap(EventLog events) {
    this.events = events;
  }

  /**
   * Copies from now on; does nothing where the program that embeds a target logs by other means.
   */
  public static LogTap attach(EventLog events) {
    LogTap tap = new LogTap(events);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      tap.setContext(context);
      tap.setName("mora-events-" + System.identityHashCode(tap));
      tap.start();
      context.getLogger(OURS).addAppender(tap);
    }
    return tap;
  }

  @Override
  protected void append(ILoggingEvent line) {
    if (line.getLevel().isGreaterOrEqual(Level.INFO) && !line.getLoggerName().equals(AUDIT)) {
      String name = line.getLoggerName();
      events.line(
          line.getLevel().toString().toLowerCase(Locale.ROOT),
          name.substring(name.lastIndexOf('.') + 1),
          line.getFormattedMessage());
    }
  }

  @Override
  public void close() {
    if (getContext() instanceof LoggerContext context) {
      Logger ours = context.getLogger(OURS);
      ours.detachAppender(this);
      stop();
    }
  }
}
