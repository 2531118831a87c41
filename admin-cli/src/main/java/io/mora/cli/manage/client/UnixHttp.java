package io.mora.cli.manage.client;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 over a unix socket, a connection for each request: local connections cost little. */
final class UnixHttp implements HttpTransport {
  private final Path socket;
  private final Duration timeout;

  UnixHttp(Path socket, Duration timeout) {
    this.socket = socket;
    this.timeout = timeout;
  }

  @Override
  public String place() {
    return socket.toString();
  }

  @Override
  public HttpReply exchange(HttpCall call) {
    boolean connected = false;
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A blocking channel has no timeouts, and it can be closed under whoever waits for it.
      CompletableFuture<@Nullable Void> deadline = closeLater(channel);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        connected = true;
        write(channel, call);
        return new HttpParser(new BufferedInputStream(Channels.newInputStream(channel))).read();
      } finally {
        deadline.cancel(false);
      }
    } catch (ClosedChannelException e) {
      throw new CliException(
          ExitCodes.TIMEOUT,
          "no answer at "
              + socket
              + " within "
              + timeout.toMillis()
              + " ms; allow more (--timeout)",
          e);
    } catch (ProtocolException e) {
      throw new CliException(
          ExitCodes.PROTOCOL, socket + ": " + e.getMessage() + "\nIs it Mora's socket?", e);
    } catch (IOException | IllegalArgumentException e) {
      throw connected ? lost(e) : unreachable(e);
    }
  }

  private CompletableFuture<@Nullable Void> closeLater(SocketChannel channel) {
    Executor after = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return CompletableFuture.runAsync(
        () -> {
          try {
            channel.close();
          } catch (IOException gone) {
            // That is what was wanted.
          }
        },
        after);
  }

  private static void write(SocketChannel channel, HttpCall call) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(call.method()).append(' ').append(call.path()).append(" HTTP/1.1\r\n");
    head.append("Host: mora\r\nConnection: close\r\n");
    for (Map.Entry<String, String> header : call.headers().entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    head.append("Content-Length: ").append(call.body().length).append("\r\n\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(call.body());
    ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
    while (whole.hasRemaining()) {
      channel.write(whole);
    }
  }

  private CliException lost(Exception e) {
    String why = e instanceof EOFException ? "it closed the connection" : e.getMessage();
    return new CliException(
        ExitCodes.UNAVAILABLE,
        "no whole answer at "
            + socket
            + ": "
            + why
            + "\nIt may have been stopped. Whether a change was made, 'mora config history' tells.",
        e);
  }

  /** The system's words for a path that cannot be connected to are the same for many reasons. */
  private CliException unreachable(Exception e) {
    if (e instanceof IllegalArgumentException || String.valueOf(e.getMessage()).contains("long")) {
      return CliException.usage("--socket=" + socket + ": at most 107 bytes");
    }
    Path folder = socket.toAbsolutePath().getParent();
    boolean closed = folder != null && Files.isDirectory(folder) && !Files.isExecutable(folder);
    boolean there = Files.exists(socket, LinkOption.NOFOLLOW_LINKS);
    if (closed || (there && !Files.isWritable(socket))) {
      return new CliException(
          ExitCodes.REFUSED,
          "permission denied at "
              + socket
              + "\nOnly its owner and its group may manage the target: become one of them"
              + " (admin.group in its configuration).",
          e);
    }
    return new CliException(
        ExitCodes.UNAVAILABLE,
        "no daemon at "
            + socket
            + (there ? ": " + e.getMessage() : "")
            + "\nIs mora-target running? --socket names another place; its READY line tells which.",
        e);
  }
}
