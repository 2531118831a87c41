package io.mora.target;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.policy.Promises;
import io.mora.target.admin.AdminServer;
import io.mora.target.admin.Management;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.StorageCheck;
import io.mora.target.config.store.ConfigStore;
import io.mora.target.log.DaemonLog;
import io.mora.target.supervisor.Supervisor;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The daemon: {@code mora-target run CONFIG} serves until SIGTERM, and with {@code --stats-every
 * TIME} logs what each class did; {@code mora-target check CONFIG} only looks.
 *
 * <p>Once hosts can connect, one line {@code READY {...}} with the addresses goes to standard
 * output.
 */
public final class TargetMain {
  /** Exit codes, after sysexits.h. */
  static final int OK = 0;

  static final int FAILURE = 1;
  static final int USAGE = 64;
  static final int BAD_CONFIGURATION = 78;

  private static final Duration STATS_EVERY_MOST = Duration.ofHours(24);

  private final PrintStream out;
  private final PrintStream err;

  TargetMain(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  public static void main(String[] args) {
    DaemonLog.use();
    int code = new TargetMain(System.out, System.err).run(args);
    if (code != OK) {
      System.exit(code);
    }
  }

  int run(String[] args) {
    boolean run = args.length > 0 && args[0].equals("run");
    boolean every = run && args.length == 4 && args[2].equals("--stats-every");
    if (!every && (args.length != 2 || !run && !args[0].equals("check"))) {
      err.println("usage: mora-target run CONFIG [--stats-every TIME] | mora-target check CONFIG");
      return USAGE;
    }
    Duration statsEvery = Duration.ZERO;
    if (every) {
      try {
        statsEvery = statsEvery(args[3]);
      } catch (IllegalArgumentException e) {
        err.println("--stats-every " + args[3] + ": " + e.getMessage());
        return USAGE;
      }
    }
    ConfigFile file;
    try {
      file = ConfigFile.read(Path.of(args[1]));
      checkStorage(file, run);
    } catch (ConfigException e) {
      for (Problem problem : e.problems()) {
        err.println(problem);
      }
      return BAD_CONFIGURATION;
    }
    if (args[0].equals("check")) {
      out.println(args[1] + ": valid");
      out.println(new Promises(file.spec()));
      return OK;
    }
    return serve(Path.of(args[1]), file, statsEvery);
  }

  /** At a start a pool that cannot be used is no reason not to serve what there is. */
  private void checkStorage(ConfigFile file, boolean starts) throws ConfigException {
    try {
      file.checkStorage();
    } catch (ConfigException e) {
      if (!starts || !e.problems().stream().allMatch(StorageCheck::isOfPool)) {
        throw e;
      }
      e.problems().forEach(problem -> err.println("warning: " + problem));
    }
  }

  private static Duration statsEvery(String text) {
    Duration time = Quantity.parseDuration(text);
    if (time.compareTo(StatsLog.LEAST) < 0 || time.compareTo(STATS_EVERY_MOST) > 0) {
      throw new IllegalArgumentException("1s to 24h");
    }
    return time;
  }

  private int serve(Path path, ConfigFile file, Duration statsEvery) {
    MoraTarget target;
    AdminServer.Prepared prepared = file.admin().listens() ? AdminServer.prepare() : null;
    try {
      target = MoraTarget.startKept(file.spec(), state(path));
    } catch (IOException | RuntimeException e) {
      if (prepared != null) {
        prepared.drop();
      }
      err.println("mora-target: " + e.getMessage());
      return FAILURE;
    }
    Management management;
    try {
      management = Management.start(target, file.admin(), ConfigStore.open(path), prepared);
      management.reloadOnHangup();
    } catch (IOException | RuntimeException e) {
      err.println("mora-target: " + e.getMessage());
      target.close();
      return FAILURE;
    }
    serve(target, management, statsEvery);
    return OK;
  }

  /** Beside the configuration, where its history is too. */
  private static Path state(Path config) throws IOException {
    Path real = config.toRealPath();
    return real.resolveSibling(real.getFileName() + ".state");
  }

  private void serve(MoraTarget target, Management management, Duration statsEvery) {
    StatsLog stats = new StatsLog(() -> target.stats().total());
    if (!statsEvery.isZero()) {
      stats.every(statsEvery);
    }
    Supervisor supervisor = Supervisor.of(System.getenv());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  supervisor.stopping(target.spec().limits().shutdownTimeout());
                  stats.close();
                  management.stopping();
                  target.close();
                  management.close();
                  stopped.countDown();
                },
                "mora-shutdown"));
    try {
      out.println("READY " + ready(target, management));
      out.flush();
      supervisor.ready(target.listeners().size(), target::awaitShards);
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stats.close();
      target.close();
      management.close();
    }
  }

  /** By hand: a mapper of objects would cost a tenth of the start. */
  private static String ready(MoraTarget target, Management management) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayFieldStart("listeners");
      for (MoraTarget.BoundListener listener : target.listeners()) {
        json.writeStartObject();
        json.writeStringField("address", listener.address().getAddress().getHostAddress());
        json.writeNumberField("port", listener.address().getPort());
        json.writeStringField("kind", listener.discoveryOnly() ? "discovery" : "nvm");
        json.writeEndObject();
      }
      json.writeEndArray();
      admin(json, management.server());
      json.writeNumberField("pid", ProcessHandle.current().pid());
      json.writeStringField("transport", target.transport().configName());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void admin(JsonGenerator json, @Nullable AdminServer server) throws IOException {
    if (server == null) {
      return;
    }
    json.writeObjectFieldStart("admin");
    Path socket = server.socket();
    if (socket != null) {
      json.writeStringField("socket", socket.toString());
    }
    Integer port = server.tcpPort();
    if (port != null) {
      json.writeNumberField("port", port);
    }
    Integer metrics = server.metricsPort();
    if (metrics != null) {
      json.writeNumberField("metricsPort", metrics);
    }
    json.writeEndObject();
  }
}
