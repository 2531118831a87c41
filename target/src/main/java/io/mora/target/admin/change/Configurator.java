package io.mora.target.admin.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.target.MoraTarget;
import io.mora.target.admin.event.EventLog;
import io.mora.target.admin.event.LogTap;
import io.mora.target.admin.http.Json;
import io.mora.target.admin.http.Principal;
import io.mora.target.admin.http.Refused;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.secret.SecretBox;
import io.mora.target.config.store.ConfigStore;
import io.mora.target.config.store.StoredVersion;
import io.mora.target.live.ApplyResult;
import io.mora.target.live.SpecChanger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the configuration: the copy, the change, the check of all of it, the version the caller
 * knows, the target, the file, the audit log, in this order, one change at a time.
 *
 * <p>A change is at the device beside the file before the target is asked for it, and in the file's
 * place after the target has done it: a process that dies in between comes back with what ran
 * before, and nobody was told otherwise.
 */
public final class Configurator {
  /** For who does not care which version is there. */
  private static final String ANY = "*";

  private static final int DIFFERENCES_TOLD = 4;
  private static final Logger AUDIT = LoggerFactory.getLogger(LogTap.AUDIT);

  private final MoraTarget target;
  private final ConfigStore store;
  private final EventLog events;
  private final Consumer<AdminSpec> whenChanged;
  private final SecretBox secrets;
  private volatile Running running;

  /**
   * @param whenChanged told after each change how the daemon is managed now
   */
  public Configurator(
      MoraTarget target,
      AdminSpec admin,
      ConfigStore store,
      EventLog events,
      Consumer<AdminSpec> whenChanged) {
    this.target = target;
    this.store = store;
    this.events = events;
    this.whenChanged = whenChanged;
    this.secrets = SecretBox.in(folder());
    this.running = Running.of(admin, target.spec(), secrets);
  }

  /** What is in force. */
  public Running running() {
    return running;
  }

  /** The file and its history; on the thread that changes, or only to look. */
  public ConfigStore store() {
    return store;
  }

  /**
   * What a change did.
   *
   * @param version number of the version written; that of the current one if nothing is different
   */
  public record Outcome(Running running, long version, List<Difference> differences) {}

  /** Which versions a change is meant for. */
  public record Condition(@Nullable String ifMatch, boolean discardEdits) {}

  /**
   * Makes a change, or none at all.
   *
   * @throws Refused saying why there was none
   */
  public synchronized Outcome change(Principal who, Condition condition, Edits.Edit edit)
      throws Refused {
    try {
      Running before = running;
      check(condition.ifMatch(), before);
      ObjectNode tree = before.tree();
      edit.on(tree);
      return change(who, before, parse(tree), condition);
    } catch (Refused refused) {
      tellRefused(who, refused);
      throw refused;
    }
  }

  /** As {@link #change}, to a whole configuration in YAML. */
  public synchronized Outcome replace(Principal who, Condition condition, String yaml)
      throws Refused {
    try {
      Running before = running;
      check(condition.ifMatch(), before);
      return change(who, before, parse(yaml), condition);
    } catch (Refused refused) {
      tellRefused(who, refused);
      throw refused;
    }
  }

  /** As {@link #change}, to what is served, for a host: who asks is named by it. */
  public synchronized ApplyResult serve(String host, SpecChanger.Edit edit) {
    Running before = running;
    TargetSpec wanted = edit.of(before.target());
    if (wanted == null) {
      return ApplyResult.done(List.of());
    }
    Principal who = new Principal(host, Role.READ);
    try {
      ConfigFile file = parse(ConfigFile.toYaml(ConfigFile.toTree(before.admin(), wanted, null)));
      change(who, before, file, new Condition(null, false));
      return ApplyResult.done(List.of());
    } catch (Refused refused) {
      tellRefused(who, refused);
      return ApplyResult.refused(
          refused.problems().isEmpty()
              ? List.of(Problem.of("", "", "", String.valueOf(refused.getMessage())))
              : refused.problems());
    }
  }

  /** Takes over what was edited in the file. */
  public synchronized Outcome reload(Principal who) throws Refused {
    try {
      StoredVersion edited = store.read();
      Running before = running;
      ConfigFile wanted = parse(edited.text());
      Running after = Running.of(wanted.admin(), wanted.spec(), secrets);
      List<Difference> differences = Difference.between(before.tree(), after.tree());
      apply(before, wanted);
      store.accept(edited, wanted.admin().history());
      inForce(after);
      tell(who, differences, store.current().number());
      return new Outcome(after, store.current().number(), differences);
    } catch (IOException e) {
      Refused refused = unwritable(e);
      tellRefused(who, refused);
      throw refused;
    } catch (Refused refused) {
      tellRefused(who, refused);
      throw refused;
    }
  }

  private Outcome change(Principal who, Running before, ConfigFile wanted, Condition condition)
      throws Refused {
    Running after = Running.of(wanted.admin(), wanted.spec(), secrets);
    List<Difference> differences = Difference.between(before.tree(), after.tree());
    if (differences.isEmpty()) {
      return new Outcome(before, store.current().number(), differences);
    }
    ConfigStore.Prepared prepared;
    try {
      if (!condition.discardEdits() && store.isEdited()) {
        throw Refused.conflict(
            "edited",
            store.file().getFileName()
                + " was edited by hand; take that over with POST /api/v1/config/reload, or overwrite"
                + " it with ?discardEdits=true");
      }
      prepared = store.prepare(after.yaml(), who.name(), summary(differences));
    } catch (IOException e) {
      throw unwritable(e);
    }
    boolean applied = false;
    try {
      apply(before, wanted);
      applied = true;
    } finally {
      if (!applied) {
        prepared.drop();
      }
    }
    try {
      prepared.commit(wanted.admin().history());
    } catch (IOException e) {
      target.apply(before.target());
      throw unwritable(e);
    }
    inForce(after);
    tell(who, differences, prepared.version().number());
    return new Outcome(after, prepared.version().number(), differences);
  }

  private void apply(Running before, ConfigFile wanted) throws Refused {
    if (!wanted.admin().listensAs(before.admin())) {
      throw Refused.notLive(
          List.of(Problem.of("admin", "", "history, tokens", "the rest is changed by a restart")));
    }
    List<Problem> storage = NewStorage.problems(before.target(), wanted);
    if (!storage.isEmpty()) {
      throw Refused.invalid(storage);
    }
    ApplyResult result = target.apply(wanted.spec());
    if (!result.isApplied()) {
      throw Refused.notLive(result.problems());
    }
  }

  private void inForce(Running after) {
    running = after;
    whenChanged.accept(after.admin());
  }

  private static void check(@Nullable String ifMatch, Running now) throws Refused {
    if (ifMatch == null || ifMatch.strip().equals(ANY)) {
      return;
    }
    for (String tag : ifMatch.split(",", -1)) {
      if (tag.strip().equals(now.etag())) {
        return;
      }
    }
    throw Refused.stale(now.etag());
  }

  private Path folder() {
    return Objects.requireNonNullElse(store.file().getParent(), store.file());
  }

  /** A configuration in the shape of the file, its secrets sealed. */
  public JsonNode tree(ConfigFile config) {
    return Json.of(ConfigFile.toTree(config.admin(), config.spec(), secrets));
  }

  /** A configuration of a tree, checked. */
  public ConfigFile parse(JsonNode tree) throws Refused {
    return parse(Json.line(tree));
  }

  /** A configuration of YAML, checked; relative paths start where those of the file do. */
  public ConfigFile parse(String yaml) throws Refused {
    try {
      return ConfigFile.parse("", folder(), yaml);
    } catch (ConfigException e) {
      throw Refused.invalid(e.problems());
    }
  }

  private static Refused unwritable(IOException e) {
    return Refused.of(
        500,
        "unwritable",
        "Nothing was changed: the configuration cannot be stored",
        String.valueOf(e.getMessage()));
  }

  private static String summary(List<Difference> differences) {
    String told =
        differences.stream()
            .limit(DIFFERENCES_TOLD)
            .map(each -> each.path() + " " + each.kind().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    int more = differences.size() - DIFFERENCES_TOLD;
    return more > 0 ? told + " and " + more + " more" : told;
  }

  private void tell(Principal who, List<Difference> differences, long version) {
    String what = differences.isEmpty() ? "nothing is different" : summary(differences);
    AUDIT.info("{} changed the configuration to version {}: {}", who.name(), version, what);
    events.change("info", who.name(), "version " + version + ": " + what);
  }

  private void tellRefused(Principal who, Refused refused) {
    String why =
        refused.problems().isEmpty()
            ? String.valueOf(refused.getMessage())
            : refused.problems().stream()
                .limit(DIFFERENCES_TOLD)
                .map(Problem::toString)
                .collect(Collectors.joining("; "));
    why = EventLog.oneLine(why);
    AUDIT.info("A change by {} was refused: {}", who.name(), why);
    events.change("warn", who.name(), "refused: " + why);
  }
}
