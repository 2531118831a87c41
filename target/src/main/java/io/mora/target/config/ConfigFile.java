package io.mora.target.config;

import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.target.config.key.ServerKey;
import io.mora.target.config.secret.SecretBox;
import io.mora.target.config.yaml.ConfigNode;
import io.mora.target.config.yaml.YamlTree;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file: its spec, and where in it each key stands.
 *
 * <p>Reading reports everything that is wrong together: syntax, unknown keys, values of the wrong
 * form, and the rules across keys. {@link #checkStorage} is a step of its own, because it looks at
 * the machine. Nothing here opens, makes or locks what the file names.
 */
public final class ConfigFile {
  /** Taken from the listeners when it is not written: their problems are reported there. */
  private static final String DERIVED = ServerKey.DISCOVERY_LISTEN.pattern();

  private final String file;
  private final TargetSpec spec;
  private final AdminSpec admin;
  private final Map<String, Integer> lines;

  private ConfigFile(String file, TargetSpec spec, AdminSpec admin, Map<String, Integer> lines) {
    this.file = file;
    this.spec = spec;
    this.admin = admin;
    this.lines = lines;
  }

  /**
   * Reads a file and checks the storage it names.
   *
   * @throws ConfigException if anything is wrong, with every problem
   */
  public static TargetSpec load(Path path) throws ConfigException {
    ConfigFile config = read(path);
    config.checkStorage();
    return config.spec();
  }

  /**
   * Reads a file; relative paths in it start from its folder.
   *
   * @throws ConfigException if it cannot be read or anything in it is wrong, with every problem
   */
  public static ConfigFile read(Path path) throws ConfigException {
    try {
      if (Files.size(path) > YamlTree.LENGTH_MAX) {
        throw unreadable(path, "larger than " + YamlTree.LENGTH_MAX + " bytes");
      }
      Path folder = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), path);
      return parse(path.toString(), folder, Files.readString(path));
    } catch (NoSuchFileException e) {
      throw unreadable(path, "no such file");
    } catch (CharacterCodingException e) {
      throw unreadable(path, "not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(path, "cannot be read: " + e.getMessage());
    }
  }

  private static ConfigException unreadable(Path path, String message) {
    return new ConfigException(List.of(new Problem(path.toString(), 0, "", "", "", message)));
  }

  /**
   * Reads YAML text.
   *
   * @param file name for messages
   * @param folder where relative paths start
   * @throws ConfigException if anything is wrong, with every problem
   */
  public static ConfigFile parse(String file, Path folder, String text) throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    ConfigNode.Mapping root = YamlTree.parse(file, text, problems);
    if (!problems.isEmpty() && root.values().isEmpty()) {
      throw new ConfigException(problems);
    }
    new UnknownKeys(file, problems).check(root, "", "");
    ConfigReader reader = new ConfigReader(file, folder, problems);
    TargetSpec spec = reader.read(root);
    AdminSpec admin = reader.admin(root);
    Map<String, Integer> lines = new HashMap<>();
    collectLines(root, "", lines);
    ConfigFile config = new ConfigFile(file, spec, admin, lines);
    config.addRuleProblems(problems);
    throwIfAny(problems);
    return config;
  }

  /** Rules across keys, but not of keys that have a problem already or were not written. */
  private void addRuleProblems(List<Problem> problems) {
    List<String> broken = problems.stream().map(Problem::key).filter(k -> !k.isEmpty()).toList();
    List<Problem> found = new ArrayList<>(admin.validate());
    found.addAll(spec.validate());
    for (Problem problem : found) {
      boolean reported = broken.stream().anyMatch(key -> within(problem.key(), key));
      boolean derived = within(problem.key(), DERIVED) && !lines.containsKey(DERIVED);
      if (!reported && !derived) {
        problems.add(locate(problem));
      }
    }
  }

  private static boolean within(String key, String outer) {
    return key.startsWith(outer)
        && (key.length() == outer.length() || ".[".indexOf(key.charAt(outer.length())) >= 0);
  }

  private static void throwIfAny(List<Problem> problems) throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
    }
  }

  private static void collectLines(ConfigNode node, String path, Map<String, Integer> lines) {
    lines.put(path, node.line());
    if (node instanceof ConfigNode.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        collectLines(sequence.items().get(i), path + "[" + i + "]", lines);
      }
    } else if (node instanceof ConfigNode.Mapping mapping) {
      mapping
          .values()
          .forEach(
              (key, value) -> collectLines(value, path.isEmpty() ? key : path + "." + key, lines));
    }
  }

  /** What the file says, without problems of its own. */
  public TargetSpec spec() {
    return spec;
  }

  /** How the daemon is managed. */
  public AdminSpec admin() {
    return admin;
  }

  /**
   * Looks at the files and devices the spec names.
   *
   * @throws ConfigException if one cannot be served, with every problem
   */
  public void checkStorage() throws ConfigException {
    throwIfAny(StorageCheck.check(spec).stream().map(this::locate).toList());
  }

  /** Adds file and line to a problem found later; the line of the nearest key that is there. */
  public Problem locate(Problem problem) {
    String key = problem.key();
    Integer line = lines.get(key);
    while (line == null) {
      key = key.substring(0, Math.max(0, Math.max(key.lastIndexOf('.'), key.lastIndexOf('['))));
      line = key.isEmpty() ? Integer.valueOf(1) : lines.get(key);
    }
    return problem.at(file, line);
  }

  /** YAML that reads back as the same spec; everything written out, secrets too, unsealed. */
  public static String toYaml(TargetSpec spec) {
    return toYaml(toTree(AdminSpec.DEFAULT, spec, null));
  }

  /** What {@link #toTree} made, as it is written. */
  public static String toYaml(Map<String, Object> tree) {
    return ConfigWriter.write(tree);
  }

  /**
   * Maps, lists, text, numbers and truth values, in the shape of the file: everything, how the
   * daemon is managed where that is not the default.
   *
   * @param secrets seals what is secret; null: it is told as it is
   */
  public static Map<String, Object> toTree(
      AdminSpec admin, TargetSpec spec, @Nullable SecretBox secrets) {
    return new ConfigWriter(secrets).tree(admin, spec);
  }
}
