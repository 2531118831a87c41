package io.mora.cli.demo;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The demo's target.
 *
 * @param address where it listens; port 0 takes a free one
 * @param sizeBytes of its namespace
 * @param host who may know exactly where its commands spent their time
 */
record DemoSetup(TransportAddress address, long sizeBytes, HostId host) {
  static final Nqn SUBSYSTEM = new Nqn("nqn.2026-11.io.mora:demo");
  static final int NSID = 1;

  /** A modelled flash device, for what the machine's disk cannot show. */
  static final int MODELLED_NSID = 2;

  static final int BLOCK_BYTES = 4096;

  /** Writes its configuration into the folder where its disk will be. */
  Path write(Path folder) throws IOException {
    return Files.writeString(folder.resolve("demo.yaml"), yaml());
  }

  /**
   * One shard leaves the other CPUs of a small machine to the client; the usual place of management
   * is left to a target that stays.
   */
  String yaml() {
    return """
    admin:
      socket: none
    shards:
      count: 1
    latencyIntent:
      enabled: true
    hosts:
      - nqn: %s
        trust: claimed
        timing: fine
        maxClass: critical
        step: true
    discovery:
      listen: ["%s"]
    listeners:
      - address: "%s"
        port: %d
    subsystems:
      - nqn: %s
        allowAnyHost: true
        namespaces:
          - nsid: %d
            blockSize: %d
            backend:
              kind: file
              path: disk.img
              size: %s
          - nsid: %d
            blockSize: %d
            backend:
              kind: memory
              size: 64MiB
              delay: {}
    """
        .formatted(
            host.hostNqn(),
            address.withPort(0),
            address.host(),
            address.port(),
            SUBSYSTEM,
            NSID,
            BLOCK_BYTES,
            Quantity.formatBytes(sizeBytes),
            MODELLED_NSID,
            BLOCK_BYTES);
  }
}
