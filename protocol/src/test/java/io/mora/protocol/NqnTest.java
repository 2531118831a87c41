package io.mora.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NqnTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "nqn.2014-08.org.nvmexpress.discovery",
        "nqn.2014-08.org.nvmexpress:uuid:11111111-2222-3333-4444-555555555555",
        "nqn.2026-11.io.example:disk",
        "nqn.2026-11.io.ex-ample:päckchen 7",
        "nqn.2026-11.x:1"
      })
  void wellFormedNamesMayCreateSubsystems(String name) {
    assertThat(Nqn.strict(name).value()).isEqualTo(name);
    assertThat(Nqn.strictProblem(name)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disk | shorter than 11 bytes",
        "nqn.psk-test-host | does not begin with nqn.yyyy-mm.",
        "nqn.2026-13.io.example:disk | does not begin with nqn.yyyy-mm.",
        "nqn.2026-11.io.example | needs ':' and a name after the reverse domain",
        "nqn.2026-11.io.example: | needs ':' and a name after the reverse domain",
        "nqn.2026-11.io.-example:disk | domain label '-example'",
        "nqn.2026-11.io.example-:disk | domain label 'example-'",
        "nqn.2026-11.io..example:disk | domain label ''",
        "nqn.2026-11.io.7example:disk | domain label '7example'",
        "nqn.2014-08.org.nvmexpress:uuid:11111111-2222 | needs a UUID of 36 characters",
        "NQN.2026-11.io.example:disk | does not begin with nqn.yyyy-mm."
      })
  void illFormedNamesAreAcceptedFromHostsOnly(String name, String problem) {
    assertThat(new Nqn(name).value()).isEqualTo(name);
    assertThat(Nqn.strictProblem(name)).startsWith(problem);
    assertThatThrownBy(() -> Nqn.strict(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("NQN '" + name + "': " + problem);
  }

  @Test
  void lengthCountsBytesNotCharacters() {
    assertThat(new Nqn("ä".repeat(111)).value()).hasSize(111);
    assertThatThrownBy(() -> new Nqn("ä".repeat(112))).hasMessageContaining("224 bytes");
    assertThatThrownBy(() -> new Nqn("")).hasMessageContaining("0 bytes, allowed 1 to 223");
    assertThatThrownBy(() -> new Nqn("a\0b")).hasMessageContaining("contains NUL");
    assertThatThrownBy(() -> new Nqn("a\uD800")).hasMessageContaining("not valid Unicode");
  }

  @Test
  void printingCannotForgeALogLine() {
    assertThat(new Nqn("nqn.x\nERROR y")).hasToString("nqn.x\\u000aERROR y");
    assertThat(Nqn.strictProblem("nqn.2026-11.io.example:a\nb")).startsWith("control character");
  }

  @Test
  void fieldWithoutNulOrWithBadUtf8IsNoName() {
    ByteBuf buf = Unpooled.buffer(Nqn.FIELD_LENGTH).writeZero(Nqn.FIELD_LENGTH);
    assertThat(Nqn.decode(buf, 0)).isNull();
    buf.setByte(0, 0xC3);
    assertThat(Nqn.decode(buf, 0)).isNull();
    for (int i = 0; i < Nqn.FIELD_LENGTH; i++) {
      buf.setByte(i, 'a');
    }
    assertThat(Nqn.decode(buf, 0)).isNull();
    buf.setByte(224, 0);
    assertThat(Nqn.decode(buf, 0)).isNull();
    buf.setByte(223, 0);
    assertThat(Nqn.decode(buf, 0)).isEqualTo(new Nqn("a".repeat(223)));
  }

  @Test
  void generatedHostNameCarriesTheHostId() {
    HostId id = HostId.parse("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    assertThat(id.hostNqn())
        .hasToString("nqn.2014-08.org.nvmexpress:uuid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
    assertThat(Nqn.strictProblem(Nqn.ofUuid(new UUID(1, 2)).value())).isNull();
    assertThat(Nqn.strictProblem(Nqn.random().value())).isNull();
  }

  @Property
  void anyAcceptedNameSurvivesTheWire(@ForAll @NotEmpty String text) {
    Nqn nqn;
    try {
      nqn = new Nqn(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    ByteBuf buf = Unpooled.buffer(300).writeZero(300);
    nqn.encode(buf, 3);
    assertThat(Objects.requireNonNull(Nqn.decode(buf, 3)).value()).isEqualTo(text);
    assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 223);
  }

  @Property
  void anyBytesDecodeToANameOrNothing(@ForAll byte[] bytes) {
    ByteBuf buf = Unpooled.buffer(Nqn.FIELD_LENGTH).writeZero(Nqn.FIELD_LENGTH);
    buf.setBytes(0, bytes, 0, Math.min(bytes.length, Nqn.FIELD_LENGTH));
    Nqn nqn = Nqn.decode(buf, 0);
    if (nqn != null) {
      ByteBuf again = Unpooled.buffer(Nqn.FIELD_LENGTH).writeZero(Nqn.FIELD_LENGTH);
      nqn.encode(again, 0);
      assertThat(Nqn.decode(again, 0)).isEqualTo(nqn);
    }
  }
}
