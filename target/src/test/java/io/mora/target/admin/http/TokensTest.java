package io.mora.target.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.access.Role;
import io.mora.protocol.admin.access.TokenSpec;
import io.mora.protocol.data.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokensTest {
  private final Tokens tokens =
      new Tokens(List.of(token("ann", Role.ADMIN, "s3cret-a"), token("bo", Role.READ, "s3cret-b")));

  private static TokenSpec token(String name, Role role, String token) {
    return new TokenSpec(name, role, Bytes.of(Tokens.sha256(token)));
  }

  @Test
  void knowsWhoseATokenIs() {
    assertThat(tokens.find("Bearer s3cret-a")).isEqualTo(new Principal("ann", Role.ADMIN));
    assertThat(tokens.find("bearer  s3cret-b ")).isEqualTo(new Principal("bo", Role.READ));
  }

  @Test
  void knowsNothingElse() {
    assertThat(tokens.find(null)).isNull();
    assertThat(tokens.find("")).isNull();
    assertThat(tokens.find("Bearer ")).isNull();
    assertThat(tokens.find("s3cret-a")).isNull();
    assertThat(tokens.find("Basic s3cret-a")).isNull();
    assertThat(tokens.find("Bearer s3cret-A")).isNull();
    assertThat(tokens.find("Bearer s3cret-a" + "x".repeat(4000))).isNull();
  }

  @Test
  void forgetsTokensThatAreReplaced() {
    tokens.replace(List.of(token("cy", Role.READ, "other")));
    assertThat(tokens.find("Bearer s3cret-a")).isNull();
    assertThat(tokens.find("Bearer other")).isEqualTo(new Principal("cy", Role.READ));
  }
}
