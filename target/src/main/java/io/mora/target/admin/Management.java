package io.mora.target.admin;

import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.target.MoraTarget;
import io.mora.target.admin.api.ConfigRoutes;
import io.mora.target.admin.api.ControllerRoutes;
import io.mora.target.admin.api.EventRoutes;
import io.mora.target.admin.api.MetricsRoutes;
import io.mora.target.admin.api.PlaceRoutes;
import io.mora.target.admin.api.ResourceRoutes;
import io.mora.target.admin.api.StatsRoutes;
import io.mora.target.admin.api.SystemRoutes;
import io.mora.target.admin.change.Configurator;
import io.mora.target.admin.event.EventLog;
import io.mora.target.admin.event.LogTap;
import io.mora.target.admin.http.Principal;
import io.mora.target.admin.http.Refused;
import io.mora.target.admin.http.Route;
import io.mora.target.admin.http.RouteTable;
import io.mora.target.admin.stats.ClassHistory;
import io.mora.target.admin.stats.StatsSource;
import io.mora.target.admin.stats.StatsWindow;
import io.mora.target.admin.web.Assets;
import io.mora.target.admin.web.SessionRoutes;
import io.mora.target.admin.web.WebAccess;
import io.mora.target.config.store.ConfigStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that manages one running target, from its configuration file to its API. */
public final class Management implements AutoCloseable {
  /** Where root's daemon is managed. */
  private static final Path SYSTEM_PLACE = Path.of("/run/mora/admin.sock");

  private static final Logger LOG = LoggerFactory.getLogger(Management.class);

  private final EventLog events = new EventLog();
  private final LogTap tap = LogTap.attach(events);
  private final Configurator configurator;
  private final List<Route> routes = new ArrayList<>();
  private final List<Route> scraped;
  private final StatsSource source;
  private final StatsWindow window;
  private final ClassHistory history;
  private final WebAccess access;
  private @Nullable AdminServer server;
  private volatile boolean stopping;

  private Management(MoraTarget target, AdminSpec admin, ConfigStore store) {
    configurator = new Configurator(target, admin, store, events, this::changed);
    target.changesBy(configurator::serve);
    source = new StatsSource(target::stats);
    window = new StatsWindow(source);
    history = new ClassHistory(source);
    access = new WebAccess(admin.tokens());
    routes.addAll(new SystemRoutes(target, configurator, () -> stopping).routes());
    routes.addAll(new ConfigRoutes(configurator).routes());
    routes.addAll(new ResourceRoutes(configurator).routes());
    routes.addAll(new PlaceRoutes(configurator, target).routes());
    routes.addAll(new ControllerRoutes(target, events).routes());
    routes.addAll(new StatsRoutes(source, window, history).routes());
    routes.addAll(new EventRoutes(events).routes());
    routes.addAll(new SessionRoutes(access).routes());
    scraped = new MetricsRoutes(target, configurator, source, () -> stopping).routes();
    routes.addAll(scraped);
  }

  /**
   * Manages a target.
   *
   * @param store its configuration file
   * @throws IOException naming a place that cannot be served; a socket in the usual place that is
   *     taken is no failure but a warning
   */
  public static Management start(MoraTarget target, AdminSpec admin, ConfigStore store)
      throws IOException {
    return start(target, admin, store, admin.listens() ? AdminServer.prepare() : null);
  }

  /**
   * As {@link #start(MoraTarget, AdminSpec, ConfigStore)}.
   *
   * @param prepared what was prepared meanwhile; null where nothing is to listen
   */
  public static Management start(
      MoraTarget target,
      AdminSpec admin,
      ConfigStore store,
      AdminServer.@Nullable Prepared prepared)
      throws IOException {
    Management management = new Management(target, admin, store);
    try {
      if (prepared != null) {
        management.serve(admin, prepared);
      }
      return management;
    } catch (IOException | RuntimeException e) {
      management.close();
      throw e;
    }
  }

  private void serve(AdminSpec admin, AdminServer.Prepared prepared) throws IOException {
    boolean auto = admin.socket().equals(AdminSpec.AUTO);
    Path place = place(admin);
    List<Route> page = new ArrayList<>(routes);
    page.addAll(new Assets().routes());
    AdminServer.Served served =
        new AdminServer.Served(
            new RouteTable(routes), new RouteTable(page), access, new RouteTable(scraped));
    try {
      server = AdminServer.start(prepared, admin, place, served);
    } catch (IOException e) {
      if (!auto) {
        throw e;
      }
      LOG.warn("No management at the usual place: {}", e.getMessage());
      server = AdminServer.start(AdminServer.prepare(), admin, null, served);
    }
    server.everySecond(
        () -> {
          window.tick();
          history.tick();
        });
  }

  /** Where the socket goes; null for nowhere. */
  static @Nullable Path place(AdminSpec admin) {
    if (admin.socket().equals(AdminSpec.NONE)) {
      return null;
    }
    if (!admin.socket().equals(AdminSpec.AUTO)) {
      return Path.of(admin.socket());
    }
    String own = System.getenv("XDG_RUNTIME_DIR");
    boolean root = Files.isWritable(Path.of("/run"));
    if (root || own == null || own.isEmpty()) {
      return SYSTEM_PLACE;
    }
    return Path.of(own, "mora", "admin.sock");
  }

  private void changed(AdminSpec admin) {
    source.expire();
    access.tokens(admin.tokens());
  }

  /** Every route, for those who check that they are described. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /** Where it is served. */
  public @Nullable AdminServer server() {
    return server;
  }

  /** Takes over what was edited in the file; says in the log what became of it. */
  public void reload() {
    try {
      configurator.reload(new Principal("signal", Role.ADMIN));
    } catch (Refused refused) {
      LOG.warn("The edited configuration is not taken over: {}", refused.getMessage());
      refused.problems().forEach(problem -> LOG.warn("{}", problem));
    }
  }

  /** Reloads at each SIGHUP. */
  public void reloadOnHangup() {
    Hangup.runs(this::reload);
  }

  /** The daemon ends: not ready from now on. */
  public void stopping() {
    stopping = true;
  }

  @Override
  public void close() {
    stopping = true;
    AdminServer serving = server;
    if (serving != null) {
      serving.close();
    }
    tap.close();
  }
}
