package io.mora.target.admin.http;

import io.mora.protocol.admin.access.Role;

/**
 * Who asks.
 *
 * @param name for the audit log: {@code socket}, or a token's name
 */
public record Principal(String name, Role role) {
  /** Somebody who could open the unix socket. */
  public static final Principal SOCKET = new Principal("socket", Role.ADMIN);
}
