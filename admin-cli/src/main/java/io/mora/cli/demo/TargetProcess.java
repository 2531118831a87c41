package io.mora.cli.demo;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A target in a process of its own, until closed. */
final class TargetProcess implements AutoCloseable {
  private static final long READY_TIMEOUT_S = 60;
  private static final long STOP_TIMEOUT_S = 15;
  private static final int LOG_LINES = 20;

  private final Process process;
  private final Path log;
  private final CompletableFuture<ReadyLine> ready = new CompletableFuture<>();

  private TargetProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param log file for what it says
   */
  static TargetProcess start(List<String> command, Path log) throws IOException {
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    TargetProcess target = new TargetProcess(process, log);
    Thread reader = new Thread(target::readOutput, "target-output");
    reader.setDaemon(true);
    reader.start();
    return target;
  }

  /** Reads to the end, so that the target never waits for this reader. */
  private void readOutput() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ReadyLine.parse(line).ifPresent(ready::complete);
      }
      ready.completeExceptionally(new IllegalStateException("it ended before it was ready"));
    } catch (IOException | RuntimeException e) {
      ready.completeExceptionally(e);
    }
  }

  /**
   * Waits until hosts can connect.
   *
   * @throws CliException with the end of its log, if that never comes
   */
  ReadyLine awaitReady() throws InterruptedException, IOException {
    try {
      return ready.get(READY_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failed(String.valueOf(e.getMessage()));
    } catch (TimeoutException e) {
      throw failed("not ready after " + READY_TIMEOUT_S + " s");
    }
  }

  private CliException failed(String why) throws IOException {
    return new CliException(
        ExitCodes.FAILED, "the target did not start: " + why + "\n" + logEnd().orElse("no log"));
  }

  /** The last lines it said; empty if it said nothing. */
  Optional<String> logEnd() throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> end = lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    return end.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", end));
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Stops it in good order, or else at once; returns when it is gone. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
