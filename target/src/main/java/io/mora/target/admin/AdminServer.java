package io.mora.target.admin;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.protocol.admin.access.TcpSpec;
import io.mora.target.admin.http.ControlThreads;
import io.mora.target.admin.http.HttpFront;
import io.mora.target.admin.http.Principal;
import io.mora.target.admin.http.RouteTable;
import io.mora.target.admin.http.SocketFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the API on a unix socket, and with its page over TCP where that is asked for. On a Vert.x
 * event loop of its own, never a shard's. Start and close block.
 */
public final class AdminServer implements AutoCloseable {
  /** Connections at once on each place; a further one is closed. */
  public static final int CONNECTIONS_MAX = 128;

  /** A connection on which nothing happens for so long is closed. */
  static final int IDLE_S = 60;

  private static final int HEADERS_MAX = 16 << 10;

  /** Two NQNs, every byte of them percent-encoded, and what is around them. */
  private static final int LINE_MAX = 4096;

  private static final long WAIT_S = 30;
  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final Vertx vertx;
  private final ControlThreads threads = new ControlThreads();
  private @Nullable SocketFile socket;
  private @Nullable Integer tcpPort;
  private @Nullable Integer metricsPort;
  private volatile boolean closing;

  private AdminServer(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * What is served where.
   *
   * @param socket on the unix socket, to all who can open it
   * @param tcp over TCP
   * @param identify who comes over TCP
   * @param scrape on the metrics listener
   */
  public record Served(
      RouteTable socket, RouteTable tcp, HttpFront.Identify identify, RouteTable scrape) {}

  /** An event loop that is being made: that takes as long as all the rest of the start. */
  public static final class Prepared {
    private final CompletableFuture<Vertx> vertx =
        CompletableFuture.supplyAsync(AdminServer::vertx);

    private Prepared() {}

    /** Nothing will be served. */
    public void drop() {
      vertx.thenAccept(Vertx::close);
    }
  }

  /** Begins to make what {@link #start} needs, on another thread. */
  public static Prepared prepare() {
    return new Prepared();
  }

  /**
   * Starts serving.
   *
   * @param place where the unix socket goes, null for none
   * @throws IOException naming the place that cannot be served
   */
  public static AdminServer start(
      Prepared prepared, AdminSpec spec, @Nullable Path place, Served served) throws IOException {
    AdminServer server = new AdminServer(prepared.vertx.join());
    try {
      server.listen(spec, place, served);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Vertx vertx() {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            // The JDK's sockets are enough, and start sooner.
            .setPreferNativeTransport(false);
    options.getFileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
    return Vertx.vertx(options);
  }

  private void listen(AdminSpec spec, @Nullable Path place, Served served) throws IOException {
    if (place != null) {
      SocketFile file = SocketFile.claim(place);
      socket = file;
      HttpFront front = new HttpFront(vertx, threads, served.socket());
      HttpServer server = server(options(), front, request -> Principal.SOCKET);
      SocketAddress at = SocketAddress.domainSocketAddress(file.bindAt().toString());
      await("admin.socket = " + place, server.listen(at));
      file.publish(spec.group());
      LOG.info("Managed at {}", place);
    }
    if (spec.tcp().isPresent()) {
      TcpSpec tcp = spec.tcp().get();
      HttpFront front = new HttpFront(vertx, threads, served.tcp());
      HttpServer server = server(tls(tcp), front, served.identify());
      tcpPort = listen("admin.tcp.listen", server, tcp.listen());
      LOG.info("Managed at https://{}", tcp.listen().withPort(tcpPort));
    }
    if (spec.metrics().isPresent()) {
      HttpFront metrics = new HttpFront(vertx, threads, served.scrape());
      Principal scraper = new Principal("metrics", Role.READ);
      HttpServer server = server(options(), metrics, request -> scraper);
      metricsPort = listen("admin.metrics", server, spec.metrics().get());
      LOG.info("Metrics at http://{}/metrics", spec.metrics().get().withPort(metricsPort));
    }
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setMaxHeaderSize(HEADERS_MAX)
        .setMaxInitialLineLength(LINE_MAX)
        .setIdleTimeout(IDLE_S)
        .setIdleTimeoutUnit(TimeUnit.SECONDS)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(true);
  }

  private static HttpServerOptions tls(TcpSpec tcp) {
    return options()
        .setSsl(true)
        .setUseAlpn(false)
        .setEnabledSecureTransportProtocols(new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2")))
        .setKeyCertOptions(
            new PemKeyCertOptions().setCertPath(tcp.certificate()).setKeyPath(tcp.key()));
  }

  private HttpServer server(
      HttpServerOptions options, HttpFront front, HttpFront.Identify identify) {
    AtomicInteger open = new AtomicInteger();
    return vertx
        .createHttpServer(options)
        .connectionHandler(connection -> bound(connection, open))
        .requestHandler(request -> front.accept(request, identify));
  }

  private static void bound(HttpConnection connection, AtomicInteger open) {
    connection.closeHandler(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > CONNECTIONS_MAX) {
      connection.close();
    }
  }

  private static int listen(String key, HttpServer server, TransportAddress address)
      throws IOException {
    String what = key + " = " + address;
    await(what, server.listen(SocketAddress.inetSocketAddress(address.socketAddress())));
    return server.actualPort();
  }

  private static <T> T await(String what, Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(what + ": " + (cause == null ? e : cause).getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IOException(what + ": no answer within " + WAIT_S + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(what + ": interrupted", e);
    }
  }

  /** Runs something every second, on a thread that may block, until {@link #close}. */
  public void everySecond(Runnable action) {
    vertx.setPeriodic(
        1_000,
        id -> {
          if (closing) {
            return;
          }
          vertx.executeBlocking(
              () -> {
                action.run();
                return Set.of();
              });
        });
  }

  /** Where the unix socket is; null without one. */
  public @Nullable Path socket() {
    SocketFile file = socket;
    return file == null ? null : file.place();
  }

  /** The port of the API over TCP; null without. */
  public @Nullable Integer tcpPort() {
    return tcpPort;
  }

  /** The port of the metrics listener; null without. */
  public @Nullable Integer metricsPort() {
    return metricsPort;
  }

  @Override
  public void close() {
    closing = true;
    try {
      await("close", vertx.close());
    } catch (IOException e) {
      LOG.warn("The API did not stop: {}", e.getMessage());
    }
    threads.close();
    SocketFile file = socket;
    if (file != null) {
      file.close();
    }
  }
}
