package io.mora.target.admin.http;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from Vert.x: says who asks, bounds what comes, and has the work done on control
 * threads. The event loop of the API only parses and copies.
 */
public final class HttpFront {
  /** Longest body: a configuration of the largest size. */
  public static final int BODY_MAX = 16 << 20;

  /** A request that has not come in whole by then is given up. */
  public static final long REQUEST_MS = 30_000;

  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

  private final Vertx vertx;
  private final RouteTable routes;
  private final WorkerExecutor readers;
  private final WorkerExecutor writer;

  /** Threads for what looks, and one for what changes. */
  public HttpFront(Vertx vertx, RouteTable routes) {
    this.vertx = vertx;
    this.routes = routes;
    readers = vertx.createSharedWorkerExecutor("mora-admin-read", 2);
    writer = vertx.createSharedWorkerExecutor("mora-admin-write", 1);
  }

  /** Answers a request; the event loop's thread. */
  public void accept(
      HttpServerRequest request, Function<HttpServerRequest, @Nullable Principal> identify) {
    Principal who = identify.apply(request);
    if (who == null) {
      Refused refused =
          Refused.of(
              401, "token", "A token is needed", "send Authorization: Bearer TOKEN, a known one");
      end(request, refused.reply().with("WWW-Authenticate", "Bearer"));
      return;
    }
    try {
      RouteTable.Found found = routes.find(request.method().name(), request.path());
      if (!who.role().covers(found.route().role())) {
        String detail = who.name() + " has role " + who.role().word() + ", this needs admin";
        throw Refused.of(403, "role", "Not allowed", detail);
      }
      collect(request, body -> work(request, who, found, body));
    } catch (Refused e) {
      end(request, e.reply());
    }
  }

  private void collect(HttpServerRequest request, Consumer<byte[]> whole) {
    Buffer body = Buffer.buffer();
    boolean[] over = {false};
    long timer =
        vertx.setTimer(
            REQUEST_MS,
            id -> {
              if (!request.isEnded()) {
                request.connection().close();
              }
            });
    request.handler(
        part -> {
          if (over[0]) {
            return;
          }
          if (body.length() + part.length() > BODY_MAX) {
            over[0] = true;
            String detail = "at most " + BODY_MAX + " bytes";
            end(request, Refused.of(413, "too-large", "The body is too large", detail).reply());
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(failure -> vertx.cancelTimer(timer));
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          if (!over[0]) {
            whole.accept(body.getBytes());
          }
        });
  }

  private void work(HttpServerRequest request, Principal who, RouteTable.Found found, byte[] body) {
    Call call =
        new Call(
            who,
            found.path(),
            first(request.params(), name -> name),
            first(request.headers(), name -> name.toLowerCase(Locale.ROOT)),
            body);
    WorkerExecutor worker = found.route().writes() ? writer : readers;
    worker
        .executeBlocking(() -> answer(found.route(), call), false)
        .onComplete(done -> end(request, done.succeeded() ? done.result() : broken(done.cause())));
  }

  private static Reply answer(Route route, Call call) {
    try {
      return route.handler().handle(call);
    } catch (Refused e) {
      return e.reply();
    } catch (RuntimeException e) {
      return broken(e);
    }
  }

  private static Reply broken(Throwable cause) {
    LOG.error("A request of the API failed", cause);
    return Refused.of(500, "internal", "This is a fault of the target", "see its log").reply();
  }

  private static Map<String, String> first(MultiMap values, UnaryOperator<String> name) {
    Map<String, String> map = new HashMap<>();
    values.forEach(each -> map.putIfAbsent(name.apply(each.getKey()), each.getValue()));
    return map;
  }

  private static void end(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    response.putHeader("Cache-Control", "no-store");
    response.putHeader("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(response::putHeader);
    boolean sends =
        request.headers().contains("content-length")
            || request.headers().contains("transfer-encoding");
    if (sends && !request.isEnded()) {
      // What it still sends is not read.
      response.putHeader("Connection", "close");
      response.end(Buffer.buffer(reply.body())).onComplete(sent -> request.connection().close());
      return;
    }
    if (request.method().name().equals("HEAD")) {
      response.putHeader("Content-Length", "" + reply.body().length);
      response.end();
    } else {
      response.end(Buffer.buffer(reply.body()));
    }
  }
}
