package io.mora.tests.system.path;

import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.net.TransportKind;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An appliance in a process of its own, which {@code kill -9} ends; {@link #main} is that. */
final class ApplianceProcess implements Appliance.Machine {
  private final TransportKind kind;
  private final Path storage;
  private final Path log;
  private Process process;
  private BufferedReader out;
  private int port;

  /**
   * Starts it.
   *
   * @param storage a file that others use at the same time, see {@link SharedFile}
   * @param log where its errors go
   */
  ApplianceProcess(TransportKind kind, Path storage, Path log) {
    this.kind = kind;
    this.storage = storage;
    this.log = log;
    process = launch();
    out = process.inputReader(StandardCharsets.UTF_8);
    port = Integer.parseInt(answer("READY "));
  }

  private Process launch() {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", // It serves for seconds.
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            ApplianceProcess.class.getName(),
            kind.name(),
            storage.toString(),
            String.valueOf(port));
    try {
      return new ProcessBuilder(command)
          .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rest of the next line that begins so. */
  private String answer(String begin) {
    BufferedReader from = out;
    try {
      return CompletableFuture.supplyAsync(() -> next(from, begin))
          .get(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IllegalStateException("the appliance said no " + begin + "; see " + log, e);
    }
  }

  private static String next(BufferedReader from, String begin) {
    try {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        if (line.startsWith(begin)) {
          return line.substring(begin.length());
        }
      }
      throw new IllegalStateException("it ended");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void ana(AnaState state) {
    try {
      Writer in = process.outputWriter(StandardCharsets.UTF_8);
      in.write(state.name() + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answer("DONE " + state);
  }

  /** {@code kill -9}, and waits until it is gone. */
  @Override
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(Waiting.LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the appliance is still there; see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void start() {
    process = launch();
    out = process.inputReader(StandardCharsets.UTF_8);
    answer("READY ");
  }

  @Override
  public void close() {
    kill();
  }

  /**
   * The process: serves until it is killed, or until who started it is gone. Reads ANA states.
   *
   * @param args transport, file, port or 0
   */
  public static void main(String[] args) throws IOException {
    SharedFile storage = new SharedFile(Path.of(args[1]), TwoAppliances.BYTES, TwoAppliances.BLOCK);
    Served served = TwoAppliances.served(TransportKind.valueOf(args[0]));
    int port = Integer.parseInt(args[2]);
    try (MoraTarget target =
            MoraTarget.start(served.listening(port), (options, kind) -> storage, null);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("READY " + target.listeners().get(0).address().getPort());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        Appliance.apply(target, AnaState.valueOf(line));
        System.out.println("DONE " + line);
      }
    }
  }
}
