package io.mora.target.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonLogTest {
  private final LoggerContext context = new LoggerContext();

  private String line(Level level, String text, @Nullable Throwable thrown) {
    Logger logger = context.getLogger("io.mora.target.Some");
    return new LogLine().doLayout(new LoggingEvent("", logger, level, text, thrown, null));
  }

  @Test
  void aLineHasTimeLevelLoggerAndText() {
    assertThat(line(Level.INFO, "it listens", null))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                + " INFO  Some: it listens\\R");
    assertThat(line(Level.ERROR, "x", null)).contains(" ERROR Some: x");
  }

  @Test
  void anExceptionIsToldBelow() {
    assertThat(line(Level.WARN, "gone", new IllegalStateException("why")))
        .contains("Some: gone" + System.lineSeparator() + "java.lang.IllegalStateException: why")
        .contains("at io.mora.target.log.DaemonLogTest");
  }

  @ParameterizedTest
  @CsvSource({"debug,DEBUG", "ERROR,ERROR", "nonsense,INFO", ",INFO"})
  void theLevelIsTheEnvironments(@Nullable String asked, String level) {
    DaemonLog.configure(context, asked);
    assertThat(context.getLogger("io.mora.target.Some").getEffectiveLevel())
        .isEqualTo(Level.toLevel(level));
    assertThat(context.getLogger("io.netty.x").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void aProgramThatEmbedsATargetKeepsItsLog() {
    assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(DaemonLog.class);
    assertThat(new DaemonLog().configure(context))
        .isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
  }
}
