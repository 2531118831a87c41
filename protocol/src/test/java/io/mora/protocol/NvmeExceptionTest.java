package io.mora.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.status.Status;
import org.junit.jupiter.api.Test;

class NvmeExceptionTest {
  @Test
  void doNotRetryDecides() {
    assertThat(new CommandException(Status.NAMESPACE_NOT_READY, 2, 1).retryable()).isTrue();
    CommandException e = new CommandException(Status.LBA_OUT_OF_RANGE | Status.DNR, 0x02, 0x1F);
    assertThat(e.retryable()).isFalse();
    assertThat(e)
        .hasMessage(
            "opcode 2h, CID 1fh: LBA Out of Range (0/80 DNR);"
                + " correct the command; repeating it cannot succeed");
  }

  @Test
  void wireFailuresCarryNoStackTraceAndLocalOnesDo() {
    ConnectionException wire = ConnectionException.protocolError(3, 0xFFFFFFFF, "header digest");
    assertThat(wire.getStackTrace()).isEmpty();
    assertThat(wire)
        .hasMessage("PROTOCOL_ERROR: header digest (FES 3, FEI 4294967295)")
        .extracting(
            ConnectionException::fatalErrorStatus, ConnectionException::fatalErrorInformation)
        .containsExactly(3, 0xFFFFFFFF);
    ConnectionException local = new ConnectionException(Reason.TIMEOUT, "no ICResp in 10 s");
    assertThat(local.getStackTrace()).isNotEmpty();
    assertThat(local.retryable()).isTrue();
    assertThat(new ConnectionException(Reason.CLOSED, "closed").retryable()).isFalse();
  }
}
