package io.mora.target.config;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.BackendSpec.DirectIo;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.data.Bytes;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DelayKey;
import io.mora.target.config.key.FaultKey;
import io.mora.target.config.key.SubsystemKey;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Makes a {@link SubsystemSpec} of one entry under subsystems. */
final class SubsystemReader {
  /** In YAML the bare word is no text. */
  private static final String NULL = "null";

  private static final Set<ConfigKey> OF_MEMORY = Set.of(SubsystemKey.BACKEND_SIZE);
  private static final Set<ConfigKey> OF_BLOCK =
      Set.of(
          SubsystemKey.BACKEND_PATH, SubsystemKey.BACKEND_DIRECT, SubsystemKey.BACKEND_READ_ONLY);
  private static final Set<ConfigKey> OF_FILE =
      Set.of(
          SubsystemKey.BACKEND_PATH,
          SubsystemKey.BACKEND_SIZE,
          SubsystemKey.BACKEND_PREALLOCATE,
          SubsystemKey.BACKEND_DIRECT,
          SubsystemKey.BACKEND_READ_ONLY);
  private static final Set<ConfigKey> OF_STRIPE =
      Set.of(
          SubsystemKey.BACKEND_PATHS,
          SubsystemKey.BACKEND_CHUNK,
          SubsystemKey.BACKEND_SIZE,
          SubsystemKey.BACKEND_PREALLOCATE,
          SubsystemKey.BACKEND_DIRECT,
          SubsystemKey.BACKEND_READ_ONLY);
  private static final List<String> KINDS = List.of("memory", NULL, "file", "stripe", "block");

  private final SectionReader subsystem;
  private final Path folder;

  SubsystemReader(SectionReader subsystem, Path folder) {
    this.subsystem = subsystem;
    this.folder = folder;
  }

  static Nqn nqn(String text) {
    try {
      return new Nqn(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not an NQN: 1 to 223 bytes of UTF-8", e);
    }
  }

  SubsystemSpec read() {
    Nqn given = subsystem.required(SubsystemKey.SUBSYSTEM_NQN, SubsystemReader::nqn);
    Nqn nqn = given == null ? new Nqn(subsystem.path() + " without nqn") : given;
    String serial = subsystem.value(SubsystemKey.SUBSYSTEM_SERIAL, text -> text);
    String model = subsystem.value(SubsystemKey.SUBSYSTEM_MODEL, text -> text);
    List<NamespaceSpec> namespaces = new ArrayList<>();
    for (SectionReader section : subsystem.sections(SubsystemKey.NAMESPACES)) {
      namespaces.add(namespace(section, nqn, namespaces.size()));
    }
    return new SubsystemSpec(
        nqn,
        serial == null ? SubsystemSpec.defaultSerial(nqn) : serial,
        model == null ? SubsystemSpec.MODEL_DEFAULT : model,
        subsystem.bool(SubsystemKey.SUBSYSTEM_ALLOW_ANY_HOST, false),
        subsystem.list(SubsystemKey.SUBSYSTEM_ALLOWED_HOSTS, SubsystemReader::nqn),
        namespaces,
        PolicyReader.subsystem(subsystem).withPool(pool()));
  }

  private PoolSpec pool() {
    if (!subsystem.has(SubsystemKey.POOL)) {
      return PoolSpec.NONE;
    }
    SectionReader pool = subsystem.section(SubsystemKey.POOL);
    String path = pool.required(SubsystemKey.POOL_FOLDER, this::resolve);
    if (!pool.has(SubsystemKey.POOL_SIZE)) {
      pool.problem(SubsystemKey.POOL_SIZE, "", SubsystemKey.POOL_SIZE.allowed(), "missing");
    }
    return new PoolSpec(
        path == null ? folder.resolve(pool.path() + " without folder").toString() : path,
        pool.bytes(SubsystemKey.POOL_SIZE, BackendSpec.SIZE_BYTES.defaultValue()),
        pool.integer(SubsystemKey.POOL_NAMESPACES, (int) PoolSpec.NAMESPACES.defaultValue()),
        pool.list(SubsystemKey.POOL_HOSTS, SubsystemReader::nqn));
  }

  private NamespaceSpec namespace(SectionReader section, Nqn nqn, int position) {
    Integer given = section.required(SubsystemKey.NAMESPACE_NSID, SectionReader::parseInt);
    // A stand-in no other namespace has, so that one mistake is one problem.
    int nsid = given == null ? Integer.MIN_VALUE + position : given;
    UUID uuid = section.value(SubsystemKey.NAMESPACE_UUID, SubsystemReader::uuid);
    if (uuid == null) {
      uuid = NamespaceSpec.defaultUuid(nqn, nsid);
    }
    Bytes nguid = section.value(SubsystemKey.NAMESPACE_NGUID, SubsystemReader::nguid);
    return new NamespaceSpec(
        nsid,
        uuid,
        nguid == null ? NamespaceSpec.defaultNguid(uuid) : nguid,
        section.intBytes(SubsystemKey.NAMESPACE_BLOCK_SIZE, NamespaceSpec.BLOCK_SIZE_DEFAULT),
        backend(section),
        PolicyReader.namespace(section));
  }

  private static UUID uuid(String text) {
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a UUID", e);
    }
    throw new IllegalArgumentException("not a UUID");
  }

  private static Bytes nguid(String text) {
    try {
      return Bytes.parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not hex digits", e);
    }
  }

  private BackendSpec backend(SectionReader namespace) {
    SectionReader backend = namespace.section(SubsystemKey.BACKEND);
    BackendSpec storage = storage(backend);
    if (backend.has(FaultKey.FAULTS)) {
      storage =
          new BackendSpec.Faulty(storage, FaultSection.read(backend.section(FaultKey.FAULTS)));
    }
    return backend.has(DelayKey.DELAY)
        ? new BackendSpec.Delayed(storage, DelaySection.read(backend.section(DelayKey.DELAY)))
        : storage;
  }

  private BackendSpec storage(SectionReader backend) {
    String kind =
        backend.text(SubsystemKey.BACKEND_KIND).equals(NULL)
            ? NULL
            : backend.required(SubsystemKey.BACKEND_KIND, SubsystemReader::kind);
    if (kind == null) {
      return new BackendSpec.Null(BackendSpec.SIZE_BYTES.defaultValue());
    }
    return switch (kind) {
      case "memory" -> new BackendSpec.Memory(size(backend, kind));
      case NULL -> new BackendSpec.Null(size(backend, kind));
      case "file" -> file(backend, kind);
      case "stripe" -> stripe(backend, kind);
      default -> block(backend, kind);
    };
  }

  private static String kind(String text) {
    if (KINDS.contains(text)) {
      return text;
    }
    String near = Suggestion.nearest(text, KINDS);
    throw new IllegalArgumentException(
        near == null ? "no such backend" : "no such backend, did you mean " + near + "?");
  }

  private static long size(SectionReader backend, String kind) {
    only(backend, kind, OF_MEMORY);
    if (!backend.has(SubsystemKey.BACKEND_SIZE)) {
      String allowed = SubsystemKey.BACKEND_SIZE.allowed();
      backend.problem(SubsystemKey.BACKEND_SIZE, "", allowed, "missing");
    }
    return backend.bytes(SubsystemKey.BACKEND_SIZE, BackendSpec.SIZE_BYTES.defaultValue());
  }

  private BackendSpec file(SectionReader backend, String kind) {
    only(backend, kind, OF_FILE);
    return new BackendSpec.File(
        path(backend),
        sizeOrFound(backend),
        backend.bool(SubsystemKey.BACKEND_PREALLOCATE, false),
        backend.word(SubsystemKey.BACKEND_DIRECT, DirectIo.AUTO),
        backend.bool(SubsystemKey.BACKEND_READ_ONLY, false));
  }

  private BackendSpec stripe(SectionReader backend, String kind) {
    only(backend, kind, OF_STRIPE);
    return new BackendSpec.Stripe(
        backend.list(SubsystemKey.BACKEND_PATHS, this::resolve),
        sizeOrFound(backend),
        backend.bytes(SubsystemKey.BACKEND_CHUNK, BackendSpec.Stripe.CHUNK_BYTES.defaultValue()),
        backend.bool(SubsystemKey.BACKEND_PREALLOCATE, false),
        backend.word(SubsystemKey.BACKEND_DIRECT, DirectIo.AUTO),
        backend.bool(SubsystemKey.BACKEND_READ_ONLY, false));
  }

  private static long sizeOrFound(SectionReader backend) {
    boolean sized = backend.has(SubsystemKey.BACKEND_SIZE);
    long size = backend.bytes(SubsystemKey.BACKEND_SIZE, BackendSpec.SIZE_AS_FOUND);
    if (sized && size == 0) {
      String allowed = SubsystemKey.BACKEND_SIZE.allowed();
      String text = backend.text(SubsystemKey.BACKEND_SIZE);
      backend.problem(SubsystemKey.BACKEND_SIZE, text, allowed, "out of range");
    }
    return size;
  }

  private BackendSpec block(SectionReader backend, String kind) {
    only(backend, kind, OF_BLOCK);
    return new BackendSpec.Block(
        path(backend),
        backend.word(SubsystemKey.BACKEND_DIRECT, DirectIo.AUTO),
        backend.bool(SubsystemKey.BACKEND_READ_ONLY, false));
  }

  private String path(SectionReader backend) {
    String path = backend.required(SubsystemKey.BACKEND_PATH, this::resolve);
    return path == null ? folder.resolve(backend.path() + " without path").toString() : path;
  }

  private String resolve(String text) {
    try {
      return folder.resolve(text).normalize().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a path", e);
    }
  }

  /** Refuses keys that another kind of backend has. */
  private static void only(SectionReader backend, String kind, Set<ConfigKey> keys) {
    String allowed =
        String.join(
            ", ", ConfigKey.all().stream().filter(keys::contains).map(ConfigKey::key).toList());
    for (ConfigKey key : SubsystemKey.values()) {
      boolean others = OF_FILE.contains(key) || OF_STRIPE.contains(key);
      if (others && !keys.contains(key) && backend.has(key)) {
        backend.problem(key, backend.text(key), allowed, "not a key of kind " + kind);
      }
    }
  }
}
