package io.mora.protocol.auth.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.Nqn;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts, retained keys and identities as libnvme publishes them; TLS keys computed by hand. */
class TlsPskTest {
  private static final Nqn HOST = new Nqn("nqn.psk-test-host");
  private static final Nqn SUBSYSTEM = new Nqn("nqn.psk-test-subsys");
  private static final byte[] KEY =
      HexFormat.of().parseHex("5512dbb6737d0106f65975b773dfb011ffc344bcf442e2dd6d8bc4870b5d5b03");
  private static final String TEXT =
      "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:";

  private static byte[] longKey() {
    byte[] key = Arrays.copyOf(KEY, 48);
    System.arraycopy(KEY, 16, key, 32, 16);
    return key;
  }

  @Test
  void theTextIsThatOfLibnvme() {
    assertThat(TlsPsk.of(KEY, true).reveal()).isEqualTo(TEXT);
    assertThat(TlsPsk.parse(TEXT)).isEqualTo(TlsPsk.of(KEY, true));
    assertThat(TlsPsk.parse(TEXT).reveal()).isEqualTo(TEXT);
    assertThat(TlsPsk.of(KEY, true)).isNotEqualTo(TlsPsk.of(KEY, false));
  }

  @Test
  void retainedKey() {
    assertThat(HexFormat.of().formatHex(TlsPsk.of(KEY, true).retained(HOST)))
        .isEqualTo("073311dec37e219ff3acd43f130130c5bdd443c066e1cc3424e49030234ff7d5");
    assertThat(TlsPsk.of(KEY, false).retained(HOST)).isEqualTo(KEY);
  }

  @Test
  void identities() {
    TlsKey one = TlsKey.of(TlsPsk.of(KEY, true), 1, HOST, SUBSYSTEM);
    assertThat(one.identity().text())
        .isEqualTo(
            "NVMe1R01 nqn.psk-test-host nqn.psk-test-subsys"
                + " iSbjiStwJ/1TrTvDlt2fjFmzvsytOJelidNnA+X5lEU=");
    assertThat(HexFormat.of().formatHex(one.key()))
        .isEqualTo("8fc3c0badfd4c0c66fa3ca33aadd0314f85536cc9bc47338b60f3e6e563786ca");
    TlsKey zero = TlsKey.of(TlsPsk.of(KEY, true), 0, HOST, SUBSYSTEM);
    assertThat(zero.identity().text()).isEqualTo("NVMe0R01 nqn.psk-test-host nqn.psk-test-subsys");
    assertThat(HexFormat.of().formatHex(zero.key()))
        .isEqualTo("05c6503551ad136e6ee32e6eeb3f6d500b69701d84ec71e328f65c7f51566f68");
    TlsKey longer = TlsKey.of(TlsPsk.of(longKey(), true), 1, HOST, SUBSYSTEM);
    assertThat(longer.identity().text())
        .isEqualTo(
            "NVMe1R02 nqn.psk-test-host nqn.psk-test-subsys"
                + " QhW2+Rp6RzHlNtCslyRxMnwJ11tKKhz8JCAQpQ+XUD8f9td1VeH5h53yz2wKJG1a");
    assertThat(longer.key()).hasSize(48);
  }

  /** Session key and challenges of the test of Linux: 'A' and on, 0 and on, FFh and down. */
  private static TlsKey generated(TlsHash hash) {
    byte[] session = new byte[hash.lengthBytes()];
    byte[] c1 = new byte[hash.lengthBytes()];
    byte[] c2 = new byte[hash.lengthBytes()];
    for (int i = 0; i < session.length; i++) {
      session[i] = (byte) ('A' + i);
      c1[i] = (byte) i;
      c2[i] = (byte) (0xFF - i);
    }
    return TlsKey.generated(hash, session, c1, c2, new Nqn("hostnqn"), new Nqn("subsysnqn"));
  }

  /** Digests and keys are those that Linux tests its own derivation with (nvme-auth, KUnit). */
  @Test
  void aKeyThatAProofHasMadeIsTheOneThatLinuxMakes() {
    TlsKey key = generated(TlsHash.SHA256);
    assertThat(key.identity().text())
        .isEqualTo("NVMe1G01 hostnqn subsysnqn OldoKuTfKddMuyCznAZojkWD7P4D9/AtzDzLimtOxqI=");
    assertThat(HexFormat.of().formatHex(key.key()))
        .isEqualTo("3c17da628474a04d2247c4cab47968c915388193f7c071bd9489cc3666cd7cc8");
    TlsKey longer = generated(TlsHash.SHA384);
    assertThat(longer.identity().text())
        .isEqualTo(
            "NVMe1G02 hostnqn subsysnqn"
                + " cffMWk8TSS7HOQebjgYEIkrPrjWPV4JE5cdPB8WhEvY4JBW5YynKyv66XscN4A9n");
    assertThat(HexFormat.of().formatHex(longer.key()))
        .isEqualTo(
            "2774753233537b3fa50eb7d16a8e43457d85f4906c005b2236616c5d80939d08"
                + "98fff15bb8b77119d2be0aac423e7590");
    assertThat(PskIdentity.parse(key.identity().bytes())).isEqualTo(key.identity());
  }

  @Test
  void aKeyThatWasWipedIsNoKeyOfZeroes() {
    TlsKey key = generated(TlsHash.SHA256);
    TlsKey copy = key.copy();
    key.wipe();
    assertThatThrownBy(key::key).hasMessageContaining("was forgotten");
    assertThatThrownBy(key::copy).hasMessageContaining("was forgotten");
    assertThat(copy.key()).isEqualTo(generated(TlsHash.SHA256).key());
    assertThat(key.identity()).isEqualTo(copy.identity());
  }

  @Test
  void aNameTooLongForTheOldIdentityIsSaid() {
    Nqn wide = new Nqn("nqn.2026-01.example:" + "h".repeat(200));
    TlsPsk psk = TlsPsk.of(KEY, true);
    assertThatThrownBy(() -> TlsKey.of(psk, 0, wide, wide))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(TlsKey.of(psk, 1, wide, wide).key()).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ",
        "NVMeTLSkey-1:02:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:", // length
        "NVMeTLSkey-1:03:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:",
        "NVMeTLSkey-2:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrY:", // CRC
        "NVMeTLSkey-1:01:WRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:", // key
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9=:",
        "NVMeTLSkey-1:01:AAAA:",
        "DHHC-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:"
      })
  void whatIsNoKeyIsNotShown(String text) {
    assertThatThrownBy(() -> TlsPsk.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("VRLb")
        .hasNoCause();
  }

  @ParameterizedTest
  @EnumSource(TlsHash.class)
  void generatedKeysDifferAndHideThemselves(TlsHash hash) {
    TlsPsk psk = TlsPsk.generate(hash, new SecureRandom());
    assertThat(psk).isNotEqualTo(TlsPsk.generate(hash, new SecureRandom()));
    assertThat(TlsPsk.parse(psk.reveal())).isEqualTo(psk);
    assertThat(psk.reveal()).hasSize(hash == TlsHash.SHA256 ? 65 : 89);
    String inner = psk.reveal().substring(16, 40);
    assertThat(psk.toString()).doesNotContain(inner);
    assertThat(TlsKey.of(psk, 1, HOST, SUBSYSTEM).toString()).doesNotContain(inner);
    assertThat(TlsPsk.hidden("--key " + psk.reveal() + " x")).doesNotContain(inner).endsWith(" x");
  }

  private static @Nullable PskIdentity parse(String text) {
    return PskIdentity.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void identitiesAreReadAsTheyAreWritten() {
    for (int version = 0; version < 2; version++) {
      PskIdentity written =
          TlsKey.of(TlsPsk.of(longKey(), true), version, HOST, SUBSYSTEM).identity();
      assertThat(parse(written.text())).isEqualTo(written);
    }
    assertThat(parse("NVMe1G01 h s " + "A/+9".repeat(10) + "abc=")).isNotNull();
  }

  @Test
  void aStrangersTextIsNotLoggedAsItIs() {
    PskIdentity forged = requireNonNull(parse("NVMe0R01 h\n12:00\u001b[2J s\r"));
    assertThat(forged.toString()).isEqualTo("NVMe0R01 h\\u000a12:00\\u001b[2J s\\u000d");
    for (int length : new int[] {44, 64}) {
      assertThat(parse("NVMe1R01 h s " + "\n".repeat(length))).isNull();
      assertThat(parse("NVMe1R01 h s " + "A".repeat(length - 2) + "\u001b=")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Client_identity",
        "NVMe2R01 h s d",
        "NVMe1R03 h s d",
        "NVMe1X01 h s d",
        "NVMe1R11 h s",
        "NVMe0R01 h",
        "NVMe0R01 h s d",
        "NVMe1R01 h s",
        "NVMe1R01  s d",
        "NVMe1R01 h s d e",
        "NVMe1R01 h s ZGlnZXN0"
      })
  void othersAreNone(String text) {
    assertThat(parse(text)).isNull();
    assertThat(parse("NVMe0R01 h " + "s".repeat(700))).isNull();
  }
}
