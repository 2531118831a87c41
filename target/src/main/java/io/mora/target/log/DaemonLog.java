package io.mora.target.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's log: a line for each event on standard error, which leaves standard output to READY;
 * its level is that of the environment's {@code MORA_LOG}. Only in a process that called {@link
 * #use}, and only where no {@code logback.configurationFile} says otherwise: programs that embed a
 * target keep theirs.
 */
public final class DaemonLog extends ContextAwareBase implements Configurator {
  /*
   * In code and not in a file: reading an XML of ten lines costs a fifth of the daemon's start.
   */
  private static final String FILE = "logback.configurationFile";

  private static volatile boolean used;

  /** To be called before the process' first logger is made. */
  public static void use() {
    used = true;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!used || System.getProperty(FILE) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    configure(context, System.getenv("MORA_LOG"));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * @param level error, warn, info, debug, trace or off; anything else is info
   */
  static void configure(LoggerContext context, @Nullable String level) {
    LogLine layout = new LogLine();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("STDERR");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger("io.netty").setLevel(Level.WARN);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(level, Level.INFO));
    root.addAppender(appender);
  }
}
