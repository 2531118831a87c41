package io.mora.target.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class HostLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(HostLogTest.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Deque<Runnable> windows = new ArrayDeque<>();
  private final HostLog log = new HostLog(logger, Level.WARN, "Refusals", windows::add);

  @BeforeEach
  void watch() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void forget() {
    logger.detachAppender(lines);
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private void refuse(int times) {
    for (int i = 0; i < times; i++) {
      log.line("refused {}", i);
    }
  }

  @Test
  void fewAreLoggedEach() {
    refuse(HostLog.LINES_MAX);
    assertThat(said()).hasSize(HostLog.LINES_MAX).startsWith("refused 0", "refused 1");
    Objects.requireNonNull(windows.poll()).run();
    assertThat(said()).hasSize(HostLog.LINES_MAX);
  }

  @Test
  void ofManyTheRestIsCountedOnceAWindow() {
    refuse(1_000_000);
    assertThat(said()).hasSize(HostLog.LINES_MAX);
    assertThat(windows).hasSize(1);
    Objects.requireNonNull(windows.poll()).run();
    assertThat(said())
        .hasSize(HostLog.LINES_MAX + 1)
        .endsWith("Refusals in the last 10 s that are not logged: 999950");
    refuse(1);
    assertThat(said()).as("a new window").endsWith("refused 0");
    assertThat(windows).hasSize(1);
  }
}
