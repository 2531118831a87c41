package io.mora.tests.kit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A script in a real Linux kernel, by {@code tests/interop/run-guest}. Where the machine cannot run
 * it, the test is aborted with the reason and counted by {@link InteropTally}.
 */
public final class Guest implements AutoCloseable {
  /** What a guest calls the machine that runs it. */
  public static final String MACHINE = "192.0.2.2";

  private static final Path INTEROP = Repository.root().resolve("tests/interop");
  private static final int CANNOT = 77;
  private static final int SILENCE_SECONDS = 120;

  private static @Nullable String whyNot;

  private final Process process;
  private final Path transcript;
  private final BufferedWriter input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;

  Guest(Process process, Path transcript) {
    this.process = process;
    this.transcript = transcript;
    input = process.outputWriter();
    reader = new Thread(this::read, "guest-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Aborts the test unless a guest can run; with {@code -Dmora.interop=required} fails it. */
  public static synchronized void require() {
    if (whyNot == null) {
      whyNot = "off".equals(System.getProperty("mora.interop")) ? "-Dmora.interop=off" : check();
    }
    boolean required = "required".equals(System.getProperty("mora.interop"));
    if (!whyNot.isEmpty() && required) {
      throw new AssertionError("interop is required, but: " + whyNot);
    }
    Assumptions.assumeTrue(whyNot.isEmpty(), "interop: " + whyNot);
  }

  /** Aborts the test unless a guest of this kernel was built, too: stable or backports. */
  public static void requireKernel(String kernel) {
    require();
    String tool = INTEROP.resolve("build-guest").toString();
    Output where = run(List.of(tool, "--kernel", kernel, "--where"));
    Assumptions.assumeTrue(
        where.status() == 0, "interop: no guest; tests/interop/build-guest --kernel " + kernel);
  }

  private static String check() {
    Output output = run(List.of(INTEROP.resolve("run-guest").toString(), "--check"));
    if (output.status() != 0 && output.status() != CANNOT) {
      throw new IllegalStateException("run-guest --check: " + output);
    }
    return output.status() == 0 ? "" : output.text().strip();
  }

  /** How a program ended, and all it printed. */
  public record Output(int status, String text) {}

  /** Runs a short program to its end. */
  public static Output run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /**
   * Starts a script of {@code tests/interop/guest}.
   *
   * @param folder where what it prints (transcript.txt) and leaves behind goes
   * @param options of run-guest
   */
  public static Guest start(Path folder, List<String> options, String script, Object... arguments) {
    require();
    List<String> command = new ArrayList<>();
    command.add(INTEROP.resolve("run-guest").toString());
    command.addAll(List.of("--out", folder.toString()));
    command.addAll(options);
    command.add(INTEROP.resolve("guest").resolve(script).toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      return new Guest(process, folder.resolve("transcript.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port of this machine that nobody listens at, for {@code --fwd} and other programs. */
  public static int freePort() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader();
        BufferedWriter keep = Files.newBufferedWriter(transcript)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        keep.write(line);
        keep.newLine();
        keep.flush();
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("output lost: " + e);
    }
  }

  /** Sends a line to a script started with {@code --stdin}. */
  public void tell(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it runs, and the last it said. */
  public String state() {
    String how = process.isAlive() ? "runs" : "ended with " + process.exitValue();
    try {
      List<String> said = Files.readAllLines(transcript);
      return "guest "
          + how
          + ", said last: "
          + said.subList(Math.max(0, said.size() - 4), said.size());
    } catch (IOException e) {
      return "guest " + how + ", no transcript: " + e;
    }
  }

  /**
   * The next line that begins so, within two minutes of silence; others are passed over. A script
   * that ends without one and says by its status that it cannot do this aborts the test.
   */
  public String await(String prefix) {
    List<String> seen = new ArrayList<>();
    try {
      while (true) {
        String line = next(SILENCE_SECONDS);
        if (line == null) {
          Assumptions.assumeFalse(cannot(), () -> "guest cannot: " + state());
          String after = "\" after " + String.join("\n", seen);
          throw new AssertionError("no \"" + prefix + after + "\n" + state());
        }
        if (line.startsWith(prefix)) {
          return line;
        }
        seen.add(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The next line; null when there is none for so long, or no more. */
  private @Nullable String next(int seconds) throws InterruptedException {
    long fromNs = System.nanoTime();
    while (System.nanoTime() - fromNs < TimeUnit.SECONDS.toNanos(seconds)) {
      String line = lines.poll(200, TimeUnit.MILLISECONDS);
      if (line != null) {
        return line;
      }
      if (!process.isAlive()) {
        reader.join();
        return lines.poll();
      }
    }
    return null;
  }

  private boolean cannot() {
    return !process.isAlive() && process.exitValue() == CANNOT;
  }

  /** Waits for the script's end, giving each of its lines away as it comes. */
  public int end(Consumer<String> line) {
    try {
      while (process.isAlive() || !lines.isEmpty()) {
        String next = lines.poll(200, TimeUnit.MILLISECONDS);
        if (next != null) {
          line.accept(next);
        }
      }
      int status = process.waitFor();
      reader.join();
      lines.forEach(line);
      lines.clear();
      return status;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  public int end() {
    return end(line -> {});
  }

  /**
   * Waits for the script's end: it has passed all that it checked. One that says by its status that
   * it cannot do this aborts the test.
   */
  public void passes() {
    int status = end();
    Assumptions.assumeFalse(cannot(), () -> "guest cannot: " + state());
    List<String> failed = printed("FAIL");
    if (status != 0 || !failed.isEmpty() || printed("PASS").isEmpty()) {
      throw new AssertionError(String.join("\n", failed) + "\n" + state());
    }
  }

  /** The lines of what it printed that begin so. */
  public List<String> printed(String prefix) {
    try {
      return Files.readAllLines(transcript).stream().filter(l -> l.startsWith(prefix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
