package io.mora.tests.system.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** Keeps what a logger says. */
public final class LogWatch implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  public LogWatch(String name) {
    this(name, Level.TRACE);
  }

  /** Keeps nothing below a level: a test of minutes brings about lines without end. */
  public LogWatch(String name, Level least) {
    logger = (Logger) LoggerFactory.getLogger(name);
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(least.toString());
    filter.start();
    appender.addFilter(filter);
    appender.start();
    logger.addAppender(appender);
  }

  /** Lines that operators see, by the class that says them. */
  public Map<String, Long> lines() {
    return List.copyOf(appender.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
        .collect(
            Collectors.groupingBy(
                ILoggingEvent::getLoggerName, TreeMap::new, Collectors.counting()));
  }

  /** Lines with this in them. */
  public long containing(String text) {
    return List.copyOf(appender.list).stream()
        .filter(event -> event.getFormattedMessage().contains(text))
        .count();
  }

  /** At level ERROR: internal errors of the target, leaks Netty found. */
  public List<String> errors() {
    return List.copyOf(appender.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
        .map(LogWatch::text)
        .toList();
  }

  private static String text(ILoggingEvent event) {
    var cause = event.getThrowableProxy();
    StringBuilder text = new StringBuilder(event.getFormattedMessage());
    if (cause != null) {
      text.append(": ").append(cause.getClassName()).append(": ").append(cause.getMessage());
      for (var frame : cause.getStackTraceElementProxyArray()) {
        text.append("\n  ").append(frame);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
  }
}
