package io.mora.target.config;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DhchapKey;
import io.mora.target.config.secret.OwnedFile;
import io.mora.target.config.secret.SecretBox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes how a host proves who it is. No message of it shows a secret. */
final class DhchapSection {
  /** More than a secret and a line's end; a larger file is another one. */
  private static final int FILE_MAX = 256;

  private DhchapSection() {}

  /** Null if there is no such section, or it has problems, which were reported. */
  static @Nullable DhchapSpec read(SectionReader host, Nqn owner, Path folder) {
    if (!host.has(DhchapKey.HOST_DHCHAP)) {
      return null;
    }
    SectionReader section = host.section(DhchapKey.HOST_DHCHAP);
    Reading<DhchapSecret> secrets = new Reading<>(section, owner, folder, DhchapSecret::parse);
    DhchapSecret key = secrets.of(DhchapKey.KEY, DhchapKey.KEY_FILE);
    DhchapSecret controllerKey =
        secrets.of(DhchapKey.CONTROLLER_KEY, DhchapKey.CONTROLLER_KEY_FILE);
    List<DhchapHash> hashes =
        section.has(DhchapKey.HASHES)
            ? section.list(DhchapKey.HASHES, DhchapHash::parse)
            : DhchapSpec.HASHES;
    List<DhchapGroup> groups =
        section.has(DhchapKey.GROUPS)
            ? section.list(DhchapKey.GROUPS, DhchapGroup::parse)
            : DhchapSpec.GROUPS;
    if (key != null) {
      String keyFile = section.value(DhchapKey.KEY_FILE, text -> text);
      String controllerKeyFile = section.value(DhchapKey.CONTROLLER_KEY_FILE, text -> text);
      return new DhchapSpec(key, controllerKey, hashes, groups, keyFile, controllerKeyFile);
    }
    if (!section.has(DhchapKey.KEY) && !section.has(DhchapKey.KEY_FILE)) {
      section.problem(DhchapKey.KEY, "", DhchapKey.KEY.allowed() + " or keyFile", "missing");
    }
    return null;
  }

  /** Secrets of one owner, in the section or in files of their own. */
  record Reading<T>(SectionReader section, Nqn owner, Path folder, Function<String, T> parser) {
    @Nullable T of(ConfigKey inline, ConfigKey file) {
      if (section.has(inline) && section.has(file)) {
        section.problem(file, "", inline.key() + " or " + file.key(), "the secret is there twice");
        return null;
      }
      return section.has(file)
          ? section.value(file, path -> load(folder.resolve(path)))
          : section.secret(inline, text -> parse(text, place(owner, inline)));
    }

    private T parse(String text, String place) {
      return parser.apply(SecretBox.isSealed(text) ? SecretBox.in(folder).open(place, text) : text);
    }

    private T load(Path path) {
      String text = new String(OwnedFile.read(path, FILE_MAX), StandardCharsets.UTF_8);
      return parser.apply(text.strip());
    }
  }

  private static String place(Nqn owner, ConfigKey key) {
    return owner.value() + " " + key.key();
  }

  static Map<String, Object> write(DhchapSpec spec, Nqn owner, @Nullable SecretBox secrets) {
    Map<String, Object> section = new LinkedHashMap<>();
    if (spec.keyFile() != null) {
      ConfigWriter.put(section, DhchapKey.KEY_FILE, spec.keyFile());
    } else {
      put(section, DhchapKey.KEY, spec.key().reveal(), owner, secrets);
    }
    DhchapSecret controllerKey = spec.controllerKey();
    if (spec.controllerKeyFile() != null) {
      ConfigWriter.put(section, DhchapKey.CONTROLLER_KEY_FILE, spec.controllerKeyFile());
    } else if (controllerKey != null) {
      put(section, DhchapKey.CONTROLLER_KEY, controllerKey.reveal(), owner, secrets);
    }
    ConfigWriter.put(
        section, DhchapKey.HASHES, spec.hashes().stream().map(DhchapHash::word).toList());
    ConfigWriter.put(
        section, DhchapKey.GROUPS, spec.groups().stream().map(DhchapGroup::word).toList());
    return section;
  }

  /** Puts a secret in, sealed if there is what to seal it with. */
  static void put(
      Map<String, Object> section,
      ConfigKey key,
      String text,
      Nqn owner,
      @Nullable SecretBox secrets) {
    ConfigWriter.put(section, key, secrets == null ? text : secrets.seal(place(owner, key), text));
  }
}
