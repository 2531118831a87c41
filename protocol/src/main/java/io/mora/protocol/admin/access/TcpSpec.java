package io.mora.protocol.admin.access;

import io.mora.protocol.TransportAddress;

/**
 * Management over TCP, always with TLS.
 *
 * @param listen an IP address and port
 * @param certificate path of a PEM file, the chain
 * @param key path of a PEM file
 */
public record TcpSpec(TransportAddress listen, String certificate, String key) {
  /** Port where none is named. */
  public static final int PORT = 4421;
}
