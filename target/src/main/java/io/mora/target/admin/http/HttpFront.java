package io.mora.target.admin.http;

import io.mora.target.log.HostLog;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes requests from Vert.x: says who asks, bounds what comes, and has the work done on control
 * threads. The event loop of the API only parses and copies.
 */
public final class HttpFront {
  /** Longest body: a configuration of the largest size. */
  public static final int BODY_MAX = 16 << 20;

  /** Longest body of somebody unknown. */
  public static final int OPEN_BODY_MAX = 4 << 10;

  /** A request that has not come in whole by then is given up. */
  public static final long REQUEST_MS = 30_000;

  private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
  private static final HostLog STRANGERS =
      HostLog.of(HttpFront.class, Level.WARN, "Requests without a known token");

  private final Vertx vertx;
  private final RouteTable routes;
  private final ControlThreads threads;

  /** Says who asks. */
  @FunctionalInterface
  public interface Identify {
    /**
     * Who it is, or null for somebody unknown.
     *
     * @throws Refused where somebody known may not ask like this
     */
    @Nullable Principal of(HttpServerRequest request) throws Refused;
  }

  public HttpFront(Vertx vertx, ControlThreads threads, RouteTable routes) {
    this.vertx = vertx;
    this.threads = threads;
    this.routes = routes;
  }

  /** Answers a request; the event loop's thread. */
  public void accept(HttpServerRequest request, Identify identify) {
    String method = request.method().name();
    try {
      boolean open = routes.isOpen(method, request.path());
      Principal who = known(request, identify, open);
      if (who == null && !open) {
        STRANGERS.line(
            "A request of {} without a known token was refused", request.remoteAddress());
        end(request, unknown().reply().with("WWW-Authenticate", "Bearer"));
        return;
      }
      RouteTable.Found found = routes.find(method, request.path());
      if (!found.route().allows(who)) {
        String name = who == null ? "nobody" : who.name() + " with role " + who.role().word();
        String detail = "this needs role " + found.route().roleWord() + ", and is asked by " + name;
        throw Refused.of(403, "role", "Not allowed", detail);
      }
      int bodyMax = open ? OPEN_BODY_MAX : BODY_MAX;
      collect(request, bodyMax, body -> work(request, who, found, body));
    } catch (Refused e) {
      end(request, e.reply());
    }
  }

  private static Refused unknown() {
    return Refused.of(
        401,
        "token",
        "A token is needed",
        "send Authorization: Bearer TOKEN, a known one, or sign in at /");
  }

  private static @Nullable Principal known(
      HttpServerRequest request, Identify identify, boolean open) throws Refused {
    try {
      return identify.of(request);
    } catch (Refused e) {
      if (open) {
        return null;
      }
      throw e;
    }
  }

  private void collect(HttpServerRequest request, int bodyMax, Consumer<byte[]> whole) {
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
          if (body.length() + part.length() > bodyMax) {
            over[0] = true;
            String detail = "at most " + bodyMax + " bytes";
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

  private void work(
      HttpServerRequest request, @Nullable Principal who, RouteTable.Found found, byte[] body) {
    String from = request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    Call call =
        new Call(
            who,
            from == null ? "" : from,
            found.path(),
            first(request.params(), name -> name),
            first(request.headers(), name -> name.toLowerCase(Locale.ROOT)),
            body);
    Context loop = vertx.getOrCreateContext();
    try {
      threads.execute(
          found.route().writes(),
          () -> {
            Reply reply = answer(found.route(), call);
            loop.runOnContext(none -> end(request, reply));
          });
    } catch (RejectedExecutionException e) {
      String detail = "too many requests wait, or the target ends";
      end(request, Refused.of(503, "busy", "Not now", detail).reply());
    }
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
