package io.mora.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DhchapSecretTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Published: the specification's example, with each transformation; of manuals. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:01:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:02:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:03:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:01:l29rbM7waP9bX4gjmx0e6S6eK5sDb7a5c0jZJG2XxcwvDbY0:",
        "DHHC-1:00:TATezKzRaxSMwvxnSwtvCD9XMxK9tM2bZLkjkM2qeu/d+5VC:",
      })
  void publishedSecretsAreRead(String text) {
    assertThat(DhchapSecret.parse(text).reveal()).isEqualTo(text);
  }

  @Test
  void keysOfEveryByte() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    assertThat(DhchapSecret.of(key, DhchapHash.SHA256).reveal())
        .isEqualTo("DHHC-1:01:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+KfiaR:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "DHHC-1:00::",
        "DHHC-1:04:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:0:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-2:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:",
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n",
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2m:", // CRC
        "DHHC-1:00:ja6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:", // key
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2=:", // shorter
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2nAA:",
        "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWj\nUh4HWUz6aQ2n:",
        "DHHC-1:00:AAAA:",
        "DHHC-1:00:Jc/My1o0qtLCWRp+sHhAVafdfaS7YQOMYhk9zSmlatobqB8C:", // blktests' bad one
      })
  void whatIsNoSecretIsRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> DhchapSecret.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("ia6zGodOr4")
        .hasMessageNotContaining("WUz6aQ2")
        .hasNoCause();
  }

  @Property
  void anyTextOrOneCharacterOffIsRefusedInForm(
      @ForAll @IntRange(max = 58) int at, @ForAll char other) {
    String text = "DHHC-1:00:ia6zGodOr4SEG0Zzaw398rpY0wqipUWj4jWjUh4HWUz6aQ2n:";
    String spoilt = text.substring(0, at) + other + text.substring(at + 1);
    // The transformation has no check of its own, and three others are good.
    if (!spoilt.equals(text) && !spoilt.matches("DHHC-1:0[0-3]:" + text.substring(10))) {
      assertThatThrownBy(() -> DhchapSecret.parse(spoilt))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void generatedSecretsReadBackAndDiffer() {
    for (@Nullable DhchapHash hash : new @Nullable DhchapHash[] {null, DhchapHash.SHA512}) {
      for (int length : List.of(32, 48, 64)) {
        DhchapSecret secret = DhchapSecret.generate(hash, length, RANDOM);
        assertThat(DhchapSecret.parse(secret.reveal())).isEqualTo(secret);
        assertThat(DhchapSecret.generate(hash, length, RANDOM)).isNotEqualTo(secret);
      }
    }
    assertThatThrownBy(() -> DhchapSecret.generate(null, 33, RANDOM)).hasMessageContaining("33");
  }

  @Test
  void textDoesNotShowTheKey() {
    byte[] key = new byte[48];
    RANDOM.nextBytes(key);
    DhchapSecret secret = DhchapSecret.of(key, transform(true));
    String base64 = secret.reveal().substring(10, 60);
    assertThat(secret.toString())
        .doesNotContain(base64.substring(0, 8))
        .doesNotContain(HexFormat.of().formatHex(key, 0, 4))
        .contains("48 bytes");
    assertThat(secret).hasSameHashCodeAs(DhchapSecret.generate(transform(true), 48, RANDOM));
  }

  private static @Nullable DhchapHash transform(boolean any) {
    return any ? DhchapHash.SHA384 : null;
  }
}
