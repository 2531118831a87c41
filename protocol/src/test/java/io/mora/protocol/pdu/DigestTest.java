package io.mora.protocol.pdu;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Section 1.4: CRC32C by its vectors, whatever the bytes lie in. */
class DigestTest {
  private final Digest digest = new Digest();

  private int of(byte[] bytes) {
    ByteBuf heap = Unpooled.wrappedBuffer(bytes);
    ByteBuf direct = Unpooled.directBuffer(bytes.length + 3).writeZero(3).writeBytes(bytes);
    int half = bytes.length / 2;
    ByteBuf composite =
        Unpooled.wrappedBuffer(
            Unpooled.wrappedBuffer(bytes, 0, half),
            Unpooled.wrappedBuffer(bytes, half, bytes.length - half));
    int value = digest.of(heap, 0, bytes.length);
    assertThat(digest.of(direct, 3, bytes.length)).isEqualTo(value);
    assertThat(digest.of(composite, 0, bytes.length)).isEqualTo(value);
    assertThat(digest.reset().update(heap, 0, half).update(heap, half, bytes.length - half).value())
        .isEqualTo(value);
    direct.release();
    return value;
  }

  @Test
  void vectors() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xFF);
    assertThat(of("123456789".getBytes(US_ASCII))).isEqualTo(0xE3069283);
    assertThat(of(new byte[32])).isEqualTo(0x8A9136AA);
    assertThat(of(ones)).isEqualTo(0x62A8AB43);
    assertThat(digest.reset().value()).isZero();
  }

  /** The worked example of section 1.4. */
  @Test
  void h2cDataWithHeaderDigest() {
    ByteBuf buf = Unpooled.buffer();
    int flags = (CommonHeader.HDGSTF | CommonHeader.LAST_PDU) << 8;
    CommonHeader.write(buf, 0, PduType.H2C_DATA | flags, H2cDataPdu.LENGTH, 28, 36);
    H2cDataPdu.writeFields(buf, 0, 0x0102, 0x0304, 0, 8);
    digest.append(buf, 0, H2cDataPdu.LENGTH);
    byte[] bytes = new byte[28];
    buf.getBytes(0, bytes);
    assertThat(bytes)
        .isEqualTo(
            HexFormat.of()
                .parseHex("0605181c240000000201040300000000080000000000000029" + "4668ed"));
  }
}
