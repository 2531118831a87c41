package io.mora.tests.kit.hostile;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A hostile crowd in a process of its own, for measurements: {@code PLAIN_PORT TLS_PORT SUBSYSTEM
 * KEYED_HOST PAUSE_MS}, on 127.0.0.1, until it is ended; then it tells what it did.
 */
public final class HostileMain {
  private HostileMain() {}

  public static void main(String[] args) throws InterruptedException {
    Victim victim =
        new Victim(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1])),
            args[2],
            args[3]);
    HostileCrowd crowd = new HostileCrowd(victim, 1, Integer.parseInt(args[4]), 1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.err.print(crowd)));
    Thread.currentThread().join();
  }
}
