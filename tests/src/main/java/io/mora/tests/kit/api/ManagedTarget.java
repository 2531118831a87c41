package io.mora.tests.kit.api;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.target.MoraTarget;
import io.mora.target.admin.Management;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.store.ConfigStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A target in this process with its configuration file and its API. */
public final class ManagedTarget implements AutoCloseable {
  private final Path file;
  private final MoraTarget target;
  private final Management management;

  private ManagedTarget(Path file, MoraTarget target, Management management) {
    this.file = file;
    this.target = target;
    this.management = management;
  }

  /** Managed at a socket in the folder. */
  public static ManagedTarget start(Path folder, TargetSpec spec) {
    return start(folder, AdminSpec.of(folder.resolve("a.sock").toString()), spec);
  }

  public static ManagedTarget start(Path folder, AdminSpec admin, TargetSpec spec) {
    try {
      Path file = folder.resolve("target.yaml");
      Files.writeString(file, ConfigFile.toYaml(ConfigFile.toTree(admin, spec, null)));
      MoraTarget target = MoraTarget.start(spec);
      try {
        Management management = Management.start(target, admin, ConfigStore.open(file));
        return new ManagedTarget(file, target, management);
      } catch (IOException | RuntimeException e) {
        target.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ApiClient client() {
    return new ApiClient(
        Objects.requireNonNull(Objects.requireNonNull(management.server()).socket()));
  }

  /** The configuration file. */
  public Path file() {
    return file;
  }

  public MoraTarget target() {
    return target;
  }

  public Management management() {
    return management;
  }

  /** Of the first I/O listener. */
  public TransportAddress address() {
    int first = target.spec().discovery().listen().size();
    return new TransportAddress("127.0.0.1", target.listeners().get(first).address().getPort());
  }

  @Override
  public void close() {
    management.close();
    target.close();
  }
}
