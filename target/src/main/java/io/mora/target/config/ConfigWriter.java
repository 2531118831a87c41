package io.mora.target.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.Trust;
import io.mora.target.config.key.AdminKey;
import io.mora.target.config.key.ConfigKey;
import io.mora.target.config.key.DelayKey;
import io.mora.target.config.key.FaultKey;
import io.mora.target.config.key.PolicyKey;
import io.mora.target.config.key.ServerKey;
import io.mora.target.config.key.SubsystemKey;
import io.mora.target.config.secret.SecretBox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a {@link TargetSpec} as the file that reads back as it, keys in the reference's order. */
final class ConfigWriter {
  private static final String AUTO = "auto";
  private static final String OFF = "off";

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
              .build());

  private final @Nullable SecretBox secrets;

  /**
   * @param secrets seals them; null: they are written as they are
   */
  ConfigWriter(@Nullable SecretBox secrets) {
    this.secrets = secrets;
  }

  static String write(Map<String, Object> tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists and text can be written", e);
    }
  }

  /** Maps, lists, text, numbers and truth values, in the shape of the file. */
  Map<String, Object> tree(AdminSpec admin, TargetSpec spec) {
    Map<String, Object> top = new LinkedHashMap<>();
    if (!admin.equals(AdminSpec.DEFAULT)) {
      put(top, AdminKey.ADMIN, AdminSection.write(admin));
    }
    put(top, ServerKey.SHARDS, shards(spec.shards()));
    put(top, ServerKey.LIMITS, limits(spec.limits()));
    Map<String, Object> discovery = new LinkedHashMap<>();
    put(
        discovery,
        ServerKey.DISCOVERY_LISTEN,
        spec.discovery().listen().stream().map(TransportAddress::toString).toList());
    if (!spec.discovery().advertise().isEmpty()) {
      put(discovery, ServerKey.DISCOVERY_ADVERTISE, spec.discovery().advertise());
    }
    if (!spec.discovery().referrals().isEmpty()) {
      put(
          discovery,
          ServerKey.DISCOVERY_REFERRALS,
          spec.discovery().referrals().stream().map(TransportAddress::toString).toList());
    }
    if (spec.discovery().mdns()) {
      put(discovery, ServerKey.DISCOVERY_MDNS, true);
    }
    put(top, ServerKey.DISCOVERY, discovery);
    put(top, ServerKey.LISTENERS, spec.listeners().stream().map(this::listener).toList());
    put(top, PolicyKey.LATENCY_INTENT, PolicyWriter.intent(spec.latencyIntent()));
    put(top, PolicyKey.QOS, PolicyWriter.qos(spec.qos()));
    put(
        top,
        PolicyKey.HOSTS,
        spec.hosts().stream().map(host -> PolicyWriter.host(host, secrets)).toList());
    put(top, SubsystemKey.SUBSYSTEMS, spec.subsystems().stream().map(this::subsystem).toList());
    return top;
  }

  private static Map<String, Object> shards(ShardSpec spec) {
    Map<String, Object> shards = new LinkedHashMap<>();
    put(shards, ServerKey.SHARDS_COUNT, spec.count() == ShardSpec.AUTO ? AUTO : spec.count());
    put(shards, ServerKey.SHARDS_TRANSPORT, word(spec.transport()));
    put(shards, ServerKey.SHARDS_CPUS, spec.cpus().isEmpty() ? AUTO : spec.cpus());
    put(shards, ServerKey.SHARDS_PIN, spec.pin());
    put(shards, ServerKey.SHARDS_BUFFER_MEMORY, Quantity.formatBytes(spec.bufferBytes()));
    return shards;
  }

  private static Map<String, Object> limits(LimitsSpec spec) {
    Map<String, Object> limits = new LinkedHashMap<>();
    put(limits, ServerKey.LIMITS_CONNECTIONS, spec.connections());
    put(limits, ServerKey.LIMITS_IO_QUEUES, spec.ioQueuesPerController());
    put(limits, ServerKey.LIMITS_QUEUE_DEPTH, spec.queueDepth());
    put(
        limits,
        ServerKey.LIMITS_HANDSHAKE_TIMEOUT,
        Quantity.formatDuration(spec.handshakeTimeout()));
    put(limits, ServerKey.LIMITS_SHUTDOWN_TIMEOUT, Quantity.formatDuration(spec.shutdownTimeout()));
    put(limits, ServerKey.LIMITS_CONNECTS, spec.connectsPerSecond());
    long memory = spec.hostMemoryBytes();
    put(
        limits,
        ServerKey.LIMITS_HOST_MEMORY,
        memory == LimitsSpec.OFF ? OFF : Quantity.formatBytes(memory));
    Map<String, Object> perAddress = new LinkedHashMap<>();
    int open = spec.perAddress().connections();
    put(perAddress, ServerKey.PER_ADDRESS_CONNECTIONS, open == LimitsSpec.AUTO ? AUTO : open);
    put(perAddress, ServerKey.PER_ADDRESS_CONNECTS, spec.perAddress().connectsPerSecond());
    put(perAddress, ServerKey.PER_ADDRESS_IPV6, spec.perAddress().ipv6PrefixBits());
    put(limits, ServerKey.LIMITS_PER_ADDRESS, perAddress);
    Map<String, Object> transfer = new LinkedHashMap<>();
    TransferSpec sizes = spec.transfer();
    put(transfer, ServerKey.TRANSFER_IN_CAPSULE, Quantity.formatBytes(sizes.inCapsuleBytes()));
    put(transfer, ServerKey.TRANSFER_COMMAND, Quantity.formatBytes(sizes.commandBytes()));
    put(transfer, ServerKey.TRANSFER_H2C_DATA, Quantity.formatBytes(sizes.h2cDataBytes()));
    put(limits, ServerKey.LIMITS_TRANSFER, transfer);
    return limits;
  }

  private Map<String, Object> listener(ListenerSpec spec) {
    Map<String, Object> listener = new LinkedHashMap<>();
    put(listener, ServerKey.LISTENER_ADDRESS, spec.address().host());
    put(listener, ServerKey.LISTENER_PORT, spec.address().port());
    if (!spec.advertise().isEmpty()) {
      put(listener, ServerKey.LISTENER_ADVERTISE, spec.advertise());
    }
    if (!spec.subsystems().isEmpty()) {
      put(listener, ServerKey.LISTENER_SUBSYSTEMS, nqns(spec.subsystems()));
    }
    PolicyWriter.putClass(listener, ServerKey.LISTENER_CLASS, spec.latencyClass());
    if (!spec.ana().isEmpty()) {
      put(listener, ServerKey.LISTENER_ANA, spec.ana().stream().map(Object::toString).toList());
    }
    if (spec.tls() != TlsPolicy.NONE) {
      put(listener, ServerKey.LISTENER_TLS, spec.tls().word());
    }
    if (spec.trust() != Trust.PROVEN) {
      put(listener, ServerKey.LISTENER_TRUST, spec.trust().word());
    }
    return listener;
  }

  private Map<String, Object> subsystem(SubsystemSpec spec) {
    Map<String, Object> subsystem = new LinkedHashMap<>();
    put(subsystem, SubsystemKey.SUBSYSTEM_NQN, spec.nqn().value());
    put(subsystem, SubsystemKey.SUBSYSTEM_SERIAL, spec.serial());
    put(subsystem, SubsystemKey.SUBSYSTEM_MODEL, spec.model());
    put(subsystem, SubsystemKey.SUBSYSTEM_ALLOW_ANY_HOST, spec.allowAnyHost());
    put(subsystem, SubsystemKey.SUBSYSTEM_ALLOWED_HOSTS, nqns(spec.allowedHosts()));
    PolicyWriter.put(subsystem, spec.policy());
    put(
        subsystem,
        SubsystemKey.NAMESPACES,
        spec.namespaces().stream().map(this::namespace).toList());
    return subsystem;
  }

  private Map<String, Object> namespace(NamespaceSpec spec) {
    Map<String, Object> namespace = new LinkedHashMap<>();
    put(namespace, SubsystemKey.NAMESPACE_NSID, spec.nsid());
    put(namespace, SubsystemKey.NAMESPACE_UUID, spec.uuid().toString());
    put(namespace, SubsystemKey.NAMESPACE_NGUID, spec.nguid().toString());
    put(namespace, SubsystemKey.NAMESPACE_BLOCK_SIZE, spec.blockSizeBytes());
    PolicyWriter.put(namespace, spec.policy());
    put(namespace, SubsystemKey.BACKEND, backend(spec.backend()));
    return namespace;
  }

  private static Map<String, Object> backend(BackendSpec spec) {
    Map<String, Object> backend = new LinkedHashMap<>();
    put(backend, SubsystemKey.BACKEND_KIND, spec.kind());
    if (spec instanceof BackendSpec.Memory memory) {
      put(backend, SubsystemKey.BACKEND_SIZE, Quantity.formatBytes(memory.sizeBytes()));
    } else if (spec instanceof BackendSpec.Null nothing) {
      put(backend, SubsystemKey.BACKEND_SIZE, Quantity.formatBytes(nothing.sizeBytes()));
    } else if (spec instanceof BackendSpec.File file) {
      put(backend, SubsystemKey.BACKEND_PATH, file.path());
      if (file.sizeBytes() != BackendSpec.SIZE_AS_FOUND) {
        put(backend, SubsystemKey.BACKEND_SIZE, Quantity.formatBytes(file.sizeBytes()));
      }
      put(backend, SubsystemKey.BACKEND_PREALLOCATE, file.preallocate());
      put(backend, SubsystemKey.BACKEND_DIRECT, word(file.direct()));
      put(backend, SubsystemKey.BACKEND_READ_ONLY, file.readOnly());
    } else if (spec instanceof BackendSpec.Stripe stripe) {
      put(backend, SubsystemKey.BACKEND_PATHS, stripe.paths());
      put(backend, SubsystemKey.BACKEND_CHUNK, Quantity.formatBytes(stripe.chunkBytes()));
      if (stripe.sizeBytes() != BackendSpec.SIZE_AS_FOUND) {
        put(backend, SubsystemKey.BACKEND_SIZE, Quantity.formatBytes(stripe.sizeBytes()));
      }
      put(backend, SubsystemKey.BACKEND_PREALLOCATE, stripe.preallocate());
      put(backend, SubsystemKey.BACKEND_DIRECT, word(stripe.direct()));
      put(backend, SubsystemKey.BACKEND_READ_ONLY, stripe.readOnly());
    } else if (spec instanceof BackendSpec.Delayed delayed) {
      Map<String, Object> storage = backend(delayed.inner());
      put(storage, DelayKey.DELAY, DelaySection.write(delayed.device()));
      return storage;
    } else if (spec instanceof BackendSpec.Faulty faulty) {
      Map<String, Object> storage = backend(faulty.inner());
      put(storage, FaultKey.FAULTS, FaultSection.write(faulty.faults()));
      return storage;
    } else if (spec instanceof BackendSpec.Block device) {
      put(backend, SubsystemKey.BACKEND_PATH, device.path());
      put(backend, SubsystemKey.BACKEND_DIRECT, word(device.direct()));
      put(backend, SubsystemKey.BACKEND_READ_ONLY, device.readOnly());
    }
    return backend;
  }

  private static List<String> nqns(List<Nqn> nqns) {
    return nqns.stream().map(Nqn::value).toList();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static void put(Map<String, Object> section, ConfigKey key, Object value) {
    section.put(key.key(), value);
  }
}
