package io.mora.target.backend.os;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Sends datagrams to one unix socket; Java has only streams there. Safe to use from any thread, one
 * at a time.
 */
public final class DatagramSocket implements AutoCloseable {
  /** Bytes of a path or name that {@code sockaddr_un} holds. */
  public static final int PATH_MAX = 108;

  private static final int FAMILY_BYTES = 2;

  private final int fd;
  private final byte[] address;

  private DatagramSocket(int fd, byte[] address) {
    this.fd = fd;
    this.address = address;
  }

  /**
   * Opens a socket to send from; the one it sends to need not be there yet.
   *
   * @param place an absolute path, or {@code @} and a name of Linux' abstract namespace
   * @throws IOException if the place is neither or too long, or the kernel has no socket for us
   */
  public static DatagramSocket to(String place) throws IOException {
    byte[] address = address(place);
    if (!LibC.available()) {
      throw new IOException("the C library cannot be called here");
    }
    int fd = LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw new IOException("socket: " + LibC.reason(LibC.errno()));
    }
    return new DatagramSocket(fd, address);
  }

  /** {@code sockaddr_un}: the family as the machine has numbers, then the path. */
  private static byte[] address(String place) throws IOException {
    boolean named = place.startsWith("@");
    if (!named && !place.startsWith("/")) {
      throw new IOException("\"" + place + "\" is neither an absolute path nor @ and a name");
    }
    byte[] path = place.getBytes(StandardCharsets.UTF_8);
    // A path ends with a NUL that must fit too; a name begins with one instead.
    int length = named ? path.length : path.length + 1;
    if (length > PATH_MAX || path.length < 2) {
      throw new IOException("\"" + place + "\" is not of 2 to " + PATH_MAX + " bytes");
    }
    if (named) {
      path[0] = 0;
    }
    ByteBuffer address = ByteBuffer.allocate(FAMILY_BYTES + length).order(ByteOrder.nativeOrder());
    return address.putShort((short) LibC.AF_UNIX).put(path).array();
  }

  /**
   * Sends one datagram. Waits while the receiver's queue is full.
   *
   * @throws IOException if nobody is there, or all of it did not go
   */
  public synchronized void send(byte[] data) throws IOException {
    byte[] copy = Arrays.copyOf(data, data.length);
    long sent = LibC.sendto(fd, copy, copy.length, LibC.MSG_NOSIGNAL, address, address.length);
    if (sent != data.length) {
      throw new IOException("sendto: " + (sent < 0 ? LibC.reason(LibC.errno()) : "cut short"));
    }
  }

  @Override
  public synchronized void close() {
    LibC.close(fd);
  }
}
