package io.mora.cli.connect;

import io.mora.cli.CliException;
import io.mora.protocol.TransportAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the controller listens; names as nvme-cli has them. */
public final class AddressOptions {
  @Option(
      names = {"-t", "--transport"},
      paramLabel = "TYPE",
      defaultValue = "tcp",
      description = "tcp, the only one there is.")
  private String transport = "tcp";

  @Option(
      names = {"-a", "--traddr"},
      paramLabel = "ADDRESS",
      required = true,
      description = "IPv4 or IPv6 address or name of the target.")
  private String address = "";

  @Option(
      names = {"-s", "--trsvcid"},
      paramLabel = "PORT",
      description = "Port (default: 4420; 8009 to discover).")
  private @Nullable Integer port;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = TimeSpan.class,
      description = "For connecting, and for each answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(10);

  /** The address, with the port given or this one. */
  public TransportAddress address(int defaultPort) {
    if (!transport.equals("tcp")) {
      throw CliException.usage("--transport=" + transport + ": tcp is the only one there is");
    }
    return new TransportAddress(address, port == null ? defaultPort : port);
  }

  public long timeoutMs() {
    return timeout.toMillis();
  }
}
