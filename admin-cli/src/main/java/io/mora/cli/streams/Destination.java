package io.mora.cli.streams;

import io.mora.cli.connect.HostOptions;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.net.TransportKind;

/**
 * Where streams go, and as whom unless they say otherwise.
 *
 * @param connect to the subsystem; queues and depths are each stream's own
 * @param nsid the namespace
 * @param host who this is
 * @param transport how loops wait
 * @param spinNs how long they poll before they sleep
 */
public record Destination(
    ConnectOptions connect,
    int nsid,
    HostOptions.Identity host,
    TransportKind transport,
    long spinNs) {}
