package io.mora.tests.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.target.config.ConfigFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The daemon as it is shipped, in a process of its own: started with a configuration file, killed
 * or stopped by its pid, started again on the same ports.
 */
public final class DaemonFixture implements AutoCloseable {
  private static final Path IMAGE = Repository.root().resolve("appliance-image/build");

  private final Path config;
  private final Path log;
  private final AdminSpec admin;
  private TargetSpec spec;
  private Process process;

  /**
   * Starts it and waits until it is ready.
   *
   * @param folder where its configuration and its log go
   */
  public DaemonFixture(Path folder, TargetSpec spec) {
    this(folder, AdminSpec.OFF, spec);
  }

  /** As {@link #DaemonFixture(Path, TargetSpec)}, managed. */
  public DaemonFixture(Path folder, AdminSpec admin, TargetSpec spec) {
    this.admin = admin;
    this.spec = spec;
    config = folder.resolve("target.yaml");
    log = folder.resolve("daemon.log");
    process = launch();
  }

  public static DaemonFixture start(Path folder, Served served) {
    return new DaemonFixture(folder, served.listening(0));
  }

  private Process launch() {
    try {
      Files.writeString(config, ConfigFile.toYaml(ConfigFile.toTree(admin, spec, null)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return run();
  }

  private Process run() {
    try {
      // A test run under nohup would have it ignore SIGHUP: a JVM leaves that as it finds it.
      ProcessBuilder builder =
          new ProcessBuilder(
                  "env", "--default-signal=HUP", launcher().toString(), "run", config.toString())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("MORA_JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("MORA_LOG", "DEBUG");
      process = builder.start();
      BufferedReader out = process.inputReader();
      String ready =
          CompletableFuture.supplyAsync(() -> firstReady(out))
              .get(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS);
      keepPorts(new ObjectMapper().readTree(ready));
      return process;
    } catch (Exception e) {
      if (process != null) {
        process.destroyForcibly();
      }
      throw new IllegalStateException("the daemon did not get ready; " + logText(), e);
    }
  }

  private static Path launcher() throws IOException {
    try (Stream<Path> images = Files.list(IMAGE)) {
      return images
          .map(image -> image.resolve("bin/mora-target"))
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(IMAGE + ": build appliance-image first"));
    }
  }

  private static String firstReady(BufferedReader out) {
    try {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("READY ")) {
          return line.substring("READY ".length());
        }
      }
      throw new IllegalStateException("it ended before READY");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the ports that the system chose into the configuration, for the next start. */
  private void keepPorts(JsonNode ready) {
    List<TransportAddress> discovery = new ArrayList<>();
    List<ListenerSpec> listeners = new ArrayList<>();
    int at = 0;
    for (TransportAddress address : spec.discovery().listen()) {
      discovery.add(new TransportAddress(address.host(), port(ready, at++)));
    }
    for (ListenerSpec listener : spec.listeners()) {
      TransportAddress bound = new TransportAddress(listener.address().host(), port(ready, at++));
      listeners.add(listener.withAddress(bound));
    }
    spec =
        spec.withListeners(listeners)
            .withDiscovery(new DiscoverySpec(discovery, spec.discovery().advertise()));
  }

  private static int port(JsonNode ready, int index) {
    return ready.path("listeners").path(index).path("port").asInt();
  }

  /** Of the first I/O listener; stays the same over restarts. */
  public int port() {
    return port(0);
  }

  /** Of an I/O listener, in the order of the configuration; stays the same over restarts. */
  public int port(int listener) {
    return spec.listeners().get(listener).address().port();
  }

  /** Of the first discovery listener. */
  public int discoveryPort() {
    return spec.discovery().listen().get(0).port();
  }

  public TransportAddress address() {
    return new TransportAddress("127.0.0.1", port());
  }

  /** {@code kill -9}, and waits until it is gone. */
  public void kill() {
    process.destroyForcibly();
    exitStatus();
  }

  /** SIGTERM; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for the process; 143 after a clean stop by SIGTERM. */
  public int exitStatus() {
    try {
      if (!process.waitFor(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the daemon is still there; " + logText());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Starts it again on the same ports, after {@link #kill} or {@link #exitStatus}. */
  public void startAgain() {
    process = launch();
  }

  /** As {@link #startAgain}, with the configuration file as it is. */
  public void startAsItIs() {
    process = run();
  }

  /** SIGHUP. */
  public void hangUp() {
    try {
      Process sent = new ProcessBuilder("kill", "-HUP", "" + process.pid()).start();
      if (!sent.waitFor(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS) || sent.exitValue() != 0) {
        throw new AssertionError("no signal sent");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Everything its runs have logged. */
  public String logText() {
    try {
      return Files.exists(log) ? Files.readString(log) : "no log";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
