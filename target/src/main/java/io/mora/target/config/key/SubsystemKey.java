package io.mora.target.config.key;

import static io.mora.target.config.key.ConfigKey.bounds;
import static io.mora.target.config.key.ConfigKey.byteBounds;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Quantity;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.storage.PoolSpec;

/** Keys of what is served. */
public enum SubsystemKey implements ConfigKey {
  SUBSYSTEMS("subsystems", "list", "none", "", "What is served."),
  SUBSYSTEM_NQN(
      "subsystems[].nqn",
      "NQN",
      "required",
      "nqn.yyyy-mm.reverse.domain:name",
      "The name hosts connect to."),
  SUBSYSTEM_SERIAL(
      "subsystems[].serial",
      "text",
      "derived from the NQN",
      "1 to " + SubsystemSpec.SERIAL_MAX + " characters of printable ASCII",
      "Serial number that hosts show. Do not change it while hosts are connected."),
  SUBSYSTEM_MODEL(
      "subsystems[].model",
      "text",
      SubsystemSpec.MODEL_DEFAULT,
      "1 to " + SubsystemSpec.MODEL_MAX + " characters of printable ASCII",
      "Model number that hosts show."),
  SUBSYSTEM_ALLOW_ANY_HOST(
      "subsystems[].allowAnyHost",
      "true or false",
      "false",
      "",
      "Every host may connect. Otherwise only `allowedHosts` may."),
  SUBSYSTEM_ALLOWED_HOSTS(
      "subsystems[].allowedHosts",
      "list of NQNs",
      "none",
      "NQNs under `hosts`",
      "Hosts that may connect."),
  SUBSYSTEM_LATENCY_MODE(
      "subsystems[].latencyMode",
      "word",
      "auto",
      "throughput, bounded, auto",
      "How latency is traded for throughput: throughput coalesces and moves long pieces, bounded"
          + " keeps everything short, auto is bounded while classes 5 to 7 are active."),
  SUBSYSTEM_QUEUE_CLASSES(
      "subsystems[].queueClasses",
      "list of ranges",
      "none",
      "QIDs and a class, as 1-4 critical",
      "Class of commands by I/O queue, for hosts that put kinds of I/O on queues of their own"
          + " (Linux: default, write and poll queues in that order)."),
  POOL(
      "subsystems[].pool",
      "section",
      "none",
      "",
      "Where hosts may make namespaces of their own by NVMe commands. Those are kept in this file."),
  POOL_FOLDER(
      "subsystems[].pool.folder",
      "path",
      "required",
      "an existing folder, of no other pool",
      "Each namespace is a file in it, with all its blocks. Namespaces under `namespaces` whose file is right in it"
          + " are of the pool too."),
  POOL_SIZE(
      "subsystems[].pool.size",
      "size",
      "required",
      byteBounds(BackendSpec.SIZE_BYTES),
      "What all namespaces of the pool may have together."),
  POOL_NAMESPACES(
      "subsystems[].pool.namespaces",
      "number",
      "" + PoolSpec.NAMESPACES.defaultValue(),
      bounds(PoolSpec.NAMESPACES),
      "How many there may be of the pool before hosts make no more (Namespace Identifier Unavailable). More that"
          + " stand under `namespaces` are served, and count."),
  POOL_HOSTS(
      "subsystems[].pool.hosts",
      "list of NQNs",
      "none",
      "NQNs under `hosts` that the subsystem allows",
      "Hosts that may make and delete namespaces of the pool, attach them to hosts and detach them."),
  NAMESPACES(
      "subsystems[].namespaces",
      "list",
      "none",
      "",
      "The disks of the subsystem; at most 4096 in all subsystems together."),
  NAMESPACE_NSID(
      "subsystems[].namespaces[].nsid",
      "number",
      "required",
      bounds(NamespaceSpec.NSID),
      "Namespace id, unique in the subsystem."),
  NAMESPACE_UUID(
      "subsystems[].namespaces[].uuid",
      "UUID",
      "derived from NQN and nsid",
      "36 characters",
      "What hosts find the namespace by, unique everywhere."),
  NAMESPACE_NGUID(
      "subsystems[].namespaces[].nguid",
      "text",
      "the bytes of `uuid`",
      "32 hex digits, not all zero",
      "The other identifier, unique everywhere."),
  NAMESPACE_BLOCK_SIZE(
      "subsystems[].namespaces[].blockSize",
      "size",
      "" + NamespaceSpec.BLOCK_SIZE_DEFAULT,
      "512 or 4096",
      "Logical block in bytes."),
  NAMESPACE_CLASS(
      "subsystems[].namespaces[].class",
      "class",
      "none",
      CLASSES,
      "Class of commands to this namespace that carry no intent, unless their host has one."),
  NAMESPACE_LATENCY_MODE(
      "subsystems[].namespaces[].latencyMode",
      "word",
      "the subsystem's",
      "throughput, bounded, auto",
      "As the subsystem's `latencyMode`."),
  NAMESPACE_INTENT(
      "subsystems[].namespaces[].intent",
      "true or false",
      "true",
      "",
      "Intent of commands counts on this namespace."),
  NAMESPACE_ANA_GROUP(
      "subsystems[].namespaces[].anaGroup",
      "number",
      "" + AnaGroupState.GROUP.defaultValue(),
      bounds(AnaGroupState.GROUP),
      "The ANA group it is in; listeners say how groups are reached."),
  NAMESPACE_HOSTS(
      "subsystems[].namespaces[].hosts",
      "list of NQNs",
      "all of the subsystem's",
      "NQNs under `hosts` that the subsystem allows",
      "The only hosts that see it."),
  NAMESPACE_ATTACHED(
      "subsystems[].namespaces[].attached",
      "true or false",
      "true",
      "",
      "Hosts see it. false, where `hosts` is empty: none does, until it is attached."),
  BACKEND("subsystems[].namespaces[].backend", "section", "required", "", "Where the blocks are."),
  BACKEND_KIND(
      "subsystems[].namespaces[].backend.kind",
      "word",
      "required",
      "memory, null, file, stripe, block",
      "memory is gone when the process ends; null swallows writes and reads zeroes; file is a"
          + " regular file; stripe is several files, a chunk on each in turn; block is a whole block device."),
  BACKEND_PATH(
      "subsystems[].namespaces[].backend.path",
      "path",
      "required",
      "a file or block device",
      "For file and block. Relative to the configuration file's folder unless absolute. Used once only."),
  BACKEND_PATHS(
      "subsystems[].namespaces[].backend.paths",
      "list of paths",
      "required",
      BackendSpec.Stripe.PATHS.min() + " to " + BackendSpec.Stripe.PATHS.max() + " files",
      "For stripe. As `path`; all of one size, best on disks of their own. Their order is part of the"
          + " data: keep it."),
  BACKEND_CHUNK(
      "subsystems[].namespaces[].backend.chunk",
      "size",
      Quantity.formatBytes(BackendSpec.Stripe.CHUNK_BYTES.defaultValue()),
      byteBounds(BackendSpec.Stripe.CHUNK_BYTES) + ", a multiple of blockSize",
      "For stripe. What lies on one file before it is the next one's turn. Part of the data: keep it."),
  BACKEND_SIZE(
      "subsystems[].namespaces[].backend.size",
      "size",
      "an existing file's; else required",
      byteBounds(BackendSpec.SIZE_BYTES) + ", a multiple of blockSize",
      "For memory, null, file and stripe, where it is all files' together. A missing file is made this"
          + " large; an existing one must have it."),
  BACKEND_PREALLOCATE(
      "subsystems[].namespaces[].backend.preallocate",
      "true or false",
      "false",
      "",
      "For file and stripe. A new file gets all its blocks at once instead of being sparse."),
  BACKEND_DIRECT(
      "subsystems[].namespaces[].backend.direct",
      "word",
      "auto",
      "auto, required, never",
      "For file, stripe and block. Reads and writes past the page cache: where the file system can, or refuse to start, or"
          + " not."),
  BACKEND_READ_ONLY(
      "subsystems[].namespaces[].backend.readOnly",
      "true or false",
      "false",
      "",
      "For file, stripe and block. Hosts see a write-protected namespace.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  SubsystemKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
