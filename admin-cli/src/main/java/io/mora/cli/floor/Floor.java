package io.mora.cli.floor;

import io.mora.qos.locality.PinnedThreads;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * Measures the floor: how fast two threads of this JVM exchange the same bytes over loopback. What
 * a target needs beyond it is its own doing, and the network stack's no more.
 */
public final class Floor {
  static final long HIGHEST_NS = 100_000_000_000L;

  private final Exchange exchange;
  private final boolean spin;
  private final long[] sentNs;
  private final Histogram latencies = new Histogram(64, HIGHEST_NS, 3);
  private long sent;
  private long received;

  /**
   * What an exchange costs.
   *
   * @param latencies ns from send to the last byte of the answer
   * @param lengthNs how long the counted part took
   */
  public record Result(boolean spin, Histogram latencies, long lengthNs) {
    /** Of both together. */
    public Result plus(Result other) {
      Histogram both = latencies.copy();
      both.add(other.latencies);
      return new Result(spin, both, lengthNs + other.lengthNs);
    }

    public double perSecond() {
      return latencies.getTotalCount() * 1e9 / lengthNs;
    }
  }

  private Floor(Exchange exchange, boolean spin) {
    this.exchange = exchange;
    this.spin = spin;
    this.sentNs = new long[exchange.depth()];
  }

  /**
   * Runs it.
   *
   * @param spin both ends poll instead of sleeping
   * @param span how long
   * @param clientCpu the client's CPU, or -1 for any
   * @param serverCpu the server's CPU, or -1 for any
   */
  public static Result measure(
      Exchange exchange, boolean spin, Span span, int clientCpu, int serverCpu)
      throws IOException, InterruptedException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      FloorServer server = new FloorServer(listener, exchange, spin);
      Thread serving = thread("floor-server", serverCpu, server);
      FutureTask<Result> client =
          new FutureTask<>(
              () ->
                  new Floor(exchange, spin)
                      .run((InetSocketAddress) listener.getLocalAddress(), span));
      Thread asking = thread("floor-client", clientCpu, client);
      serving.start();
      asking.start();
      Result result = client.get();
      serving.join();
      if (server.failure() != null) {
        throw new IOException("the floor's server failed", server.failure());
      }
      return result;
    } catch (ExecutionException e) {
      throw new IOException("the floor could not be measured: " + e.getCause(), e);
    }
  }

  static Thread thread(String name, int cpu, Runnable body) {
    Thread thread = PinnedThreads.onOrAnywhere(cpu, r -> new Thread(r, name)).newThread(body);
    thread.setDaemon(true);
    return thread;
  }

  private Result run(InetSocketAddress server, Span span) throws IOException {
    try (SocketChannel socket = Sockets.ready(SocketChannel.open(server), spin)) {
      ByteBuffer out = ByteBuffer.allocateDirect(exchange.depth() * exchange.requestBytes());
      ByteBuffer in = ByteBuffer.allocateDirect(exchange.depth() * exchange.responseBytes());
      long startNs = System.nanoTime();
      long fromNs = startNs + span.warmupNs();
      long endNs = fromNs + span.countedNs();
      send(socket, out, exchange.depth(), startNs);
      long bytes = 0;
      long nowNs = startNs;
      while (nowNs - endNs < 0) {
        int read = Sockets.read(socket, in.clear());
        if (read < 0) {
          throw new EOFException("the floor's server ended the connection");
        }
        bytes += read;
        nowNs = System.nanoTime();
        int complete = (int) (bytes / exchange.responseBytes() - received);
        for (int i = 0; i < complete; i++) {
          record(nowNs, fromNs);
        }
        send(socket, out, complete, nowNs);
      }
      long lengthNs = nowNs - fromNs;
      socket.shutdownOutput(); // and take what is on its way, or the server sees a reset
      int left;
      do {
        left = Sockets.read(socket, in.clear());
      } while (left >= 0);
      return new Result(spin, latencies, lengthNs);
    }
  }

  private void record(long nowNs, long fromNs) {
    long since = sentNs[(int) (received++ % sentNs.length)];
    if (nowNs - fromNs >= 0) {
      latencies.recordValue(Math.min(nowNs - since, HIGHEST_NS));
    }
  }

  private void send(SocketChannel socket, ByteBuffer out, int requests, long nowNs)
      throws IOException {
    for (int i = 0; i < requests; i++) {
      sentNs[(int) (sent++ % sentNs.length)] = nowNs;
    }
    Sockets.writeAll(socket, out.clear().limit(requests * exchange.requestBytes()));
  }
}
