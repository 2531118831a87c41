package io.mora.initiator.path.route;

import io.mora.initiator.RemoteNamespace;

/**
 * A namespace by one path.
 *
 * @param path by which
 * @param namespace as that path's association has it
 */
public record Route(PathControl path, RemoteNamespace namespace) {}
