package io.mora.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureReportTest {
  private final FailureReport report = new FailureReport();

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonHasAnExitCode(Reason reason) {
    int code = report.getExitCode(new ConnectionException(reason, "x"));
    assertThat(code).isNotIn(ExitCodes.OK, ExitCodes.DEFECT, ExitCodes.USAGE);
  }

  @Test
  void failuresMapToTheirCodes() {
    assertThat(report.getExitCode(new CommandException(Status.CONNECT_INVALID_HOST, 0x7F, 1)))
        .isEqualTo(ExitCodes.REFUSED);
    assertThat(report.getExitCode(new CommandException(Status.LBA_OUT_OF_RANGE, 2, 1)))
        .isEqualTo(ExitCodes.FAILED);
    assertThat(report.getExitCode(new ConnectionException(Reason.UNAUTHENTICATED, "who?")))
        .isEqualTo(ExitCodes.REFUSED);
    assertThat(report.getExitCode(new TimeoutException("late"))).isEqualTo(ExitCodes.TIMEOUT);
    assertThat(report.getExitCode(new IOException("disk"))).isEqualTo(ExitCodes.LOCAL_IO);
    assertThat(report.getExitCode(new IllegalStateException("?"))).isEqualTo(ExitCodes.DEFECT);
    assertThat(report.getExitCode(new InterruptedException())).isEqualTo(ExitCodes.INTERRUPTED);
    assertThat(report.getExitCode(CliException.usage("no"))).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void whatWrapsAFailureIsTakenOff() {
    ConnectionException inside = new ConnectionException(Reason.UNREACHABLE, "x");
    assertThat(report.getExitCode(new CompletionException(inside)))
        .isEqualTo(ExitCodes.UNAVAILABLE);
  }
}
