package io.mora.tests.system.tls;

import io.mora.tests.kit.Guest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Other implementations of TLS as processes, each for one connection, whose standard input and
 * output are the plain side.
 */
final class Peers implements AutoCloseable {
  private static final String MODE = System.getProperty("mora.interop", "");
  private static final int ATTEMPTS = 400;

  private final List<Process> started = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  /** Skips, with its reason, where a tool is not there or not wanted. */
  static void require(String tool) {
    Assumptions.assumeFalse(MODE.equals("off"), "switched off by -Dmora.interop=off");
    boolean there =
        List.of("/usr/bin", "/bin", "/usr/local/bin").stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    if (!there && MODE.equals("required")) {
      Assertions.fail(tool + " is not installed: tests/interop/install-tools");
    }
    Assumptions.assumeTrue(there, tool + " is not installed");
  }

  Process start(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      started.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects once a process listens. */
  static Socket reach(int port) {
    for (int i = 0; ; i++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        if (i == ATTEMPTS) {
          throw new UncheckedIOException(e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A plain port; who connects speaks through a client of TLS. */
  int behindClient(List<String> command) {
    return port(
        plain -> {
          Process client = start(command);
          pump(plain.getInputStream(), client.getOutputStream());
          pump(client.getInputStream(), plain.getOutputStream());
        });
  }

  /** A TLS port; who connects speaks with a plain one through a server of TLS. */
  int behindServer(IntFunction<List<String>> command, int plainPort) {
    return port(
        secure -> {
          int port = Guest.freePort();
          Process server = start(command.apply(port));
          Socket tls = keep(reach(port));
          Socket plain = keep(new Socket(InetAddress.getLoopbackAddress(), plainPort));
          pump(secure.getInputStream(), tls.getOutputStream());
          pump(tls.getInputStream(), secure.getOutputStream());
          pump(plain.getInputStream(), server.getOutputStream());
          pump(server.getInputStream(), plain.getOutputStream());
        });
  }

  private interface Wiring {
    void wire(Socket accepted) throws IOException;
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private int port(Wiring wiring) {
    try {
      ServerSocket port = keep(new ServerSocket(0, 8, InetAddress.getLoopbackAddress()));
      daemon(
          () -> {
            while (true) {
              wiring.wire(keep(port.accept()));
            }
          });
      return port.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pump(InputStream from, OutputStream to) {
    daemon(
        () -> {
          try (from;
              to) {
            byte[] some = new byte[32 << 10];
            for (int n = from.read(some); n >= 0; n = from.read(some)) {
              to.write(some, 0, n);
              to.flush();
            }
          }
        });
  }

  private interface Loop {
    void run() throws IOException;
  }

  private static void daemon(Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (IOException | UncheckedIOException ended) {
                return;
              }
            },
            "tls-peer");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    started.forEach(Process::destroyForcibly);
  }
}
