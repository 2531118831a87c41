package io.mora.protocol.admin;

import io.mora.protocol.Nqn;

/**
 * A host that subsystems may allow.
 *
 * @param nqn as the host presents it; any name of 1 to 223 bytes
 */
public record HostSpec(Nqn nqn) {}
