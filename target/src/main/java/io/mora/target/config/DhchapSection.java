package io.mora.target.config;

import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DhchapKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes how a host proves who it is. No message of it shows a secret. */
final class DhchapSection {
  /** More than a secret and a line's end; a larger file is another one. */
  private static final long FILE_MAX = 256;

  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private DhchapSection() {}

  /** Null if there is no such section, or it has problems, which were reported. */
  static @Nullable DhchapSpec read(SectionReader host, Path folder) {
    if (!host.has(DhchapKey.HOST_DHCHAP)) {
      return null;
    }
    SectionReader section = host.section(DhchapKey.HOST_DHCHAP);
    DhchapSecret key = secret(section, DhchapKey.KEY, DhchapKey.KEY_FILE, folder);
    DhchapSecret controllerKey =
        secret(section, DhchapKey.CONTROLLER_KEY, DhchapKey.CONTROLLER_KEY_FILE, folder);
    List<DhchapHash> hashes =
        section.has(DhchapKey.HASHES)
            ? section.list(DhchapKey.HASHES, DhchapHash::parse)
            : DhchapSpec.HASHES;
    List<DhchapGroup> groups =
        section.has(DhchapKey.GROUPS)
            ? section.list(DhchapKey.GROUPS, DhchapGroup::parse)
            : DhchapSpec.GROUPS;
    if (key != null) {
      return new DhchapSpec(key, controllerKey, hashes, groups);
    }
    if (!section.has(DhchapKey.KEY) && !section.has(DhchapKey.KEY_FILE)) {
      section.problem(DhchapKey.KEY, "", DhchapKey.KEY.allowed() + " or keyFile", "missing");
    }
    return null;
  }

  private static @Nullable DhchapSecret secret(
      SectionReader section, ConfigKey inline, ConfigKey file, Path folder) {
    if (section.has(inline) && section.has(file)) {
      section.problem(file, "", inline.key() + " or " + file.key(), "the secret is there twice");
      return null;
    }
    return section.has(file)
        ? section.value(file, path -> load(folder.resolve(path)))
        : section.secret(inline, DhchapSecret::parse);
  }

  private static DhchapSecret load(Path file) {
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      String owner = attributes.owner().getName();
      if (!attributes.isRegularFile()) {
        throw new IllegalArgumentException("not a file");
      }
      if (!OWNERS.containsAll(attributes.permissions())) {
        throw new IllegalArgumentException("others may read or change it: chmod 600");
      }
      if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
        throw new IllegalArgumentException("it belongs to " + owner);
      }
      if (attributes.size() > FILE_MAX) {
        throw new IllegalArgumentException("larger than a secret");
      }
      return DhchapSecret.parse(Files.readString(file).strip());
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e.getClass().getSimpleName(), e);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException("its file system has no owners and modes", e);
    }
  }

  /** With the secrets in it. */
  static Map<String, Object> write(DhchapSpec spec) {
    Map<String, Object> section = new LinkedHashMap<>();
    ConfigWriter.put(section, DhchapKey.KEY, spec.key().reveal());
    DhchapSecret controllerKey = spec.controllerKey();
    if (controllerKey != null) {
      ConfigWriter.put(section, DhchapKey.CONTROLLER_KEY, controllerKey.reveal());
    }
    ConfigWriter.put(
        section, DhchapKey.HASHES, spec.hashes().stream().map(DhchapHash::word).toList());
    ConfigWriter.put(
        section, DhchapKey.GROUPS, spec.groups().stream().map(DhchapGroup::word).toList());
    return section;
  }
}
