package io.mora.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** PDUs captured from Linux hosts and targets; see golden/README.md among the test resources. */
public final class GoldenPdu {
  private static final int DATA_DIGEST_FLAG = 2;
  private static final int DIGEST_LENGTH = 4;

  private GoldenPdu() {}

  /** The whole PDU of a file without its suffix. */
  public static ByteBuf load(String name) {
    try (InputStream in = GoldenPdu.class.getResourceAsStream("/golden/" + name + ".hex")) {
      if (in == null) {
        throw new IllegalArgumentException("no golden PDU " + name);
      }
      String hex =
          new String(in.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining())
              .replace(" ", "");
      return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The data of a PDU, from index 0, without digests. */
  public static ByteBuf data(String name) {
    ByteBuf pdu = load(name);
    int from = pdu.getUnsignedByte(3);
    int digest = (pdu.getByte(1) & DATA_DIGEST_FLAG) != 0 ? DIGEST_LENGTH : 0;
    return pdu.slice(from, pdu.readableBytes() - from - digest);
  }
}
