package io.mora.tests.kit.hostile;

import java.net.InetSocketAddress;

/**
 * What hostile hosts know of a target.
 *
 * @param plain a port for plain NVMe/TCP
 * @param secured a port that asks for TLS
 * @param subsystem one that lets everybody in, with blocks of 4096 bytes in namespace {@value
 *     #NSID}, which nobody else uses
 * @param keyedHost a host that has to prove who it is there
 */
public record Victim(
    InetSocketAddress plain, InetSocketAddress secured, String subsystem, String keyedHost) {
  public static final int NSID = 2;
  public static final int BLOCK = 4096;

  /** Data of one command. */
  public static final int BIG = 256 << 10;
}
