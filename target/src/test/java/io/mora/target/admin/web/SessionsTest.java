package io.mora.target.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final byte[] TOKEN = {1, 2, 3};

  private long nowMs;
  private final Sessions sessions = new Sessions(() -> nowMs);

  private static String cookie(Sessions.Opened opened) {
    return Sessions.COOKIE + "=" + opened.id();
  }

  @Test
  void isFoundByItsCookieAmongOthers() {
    Sessions.Opened opened = sessions.open(TOKEN);
    String header = "theme=dark; " + cookie(opened) + "; x=" + Sessions.COOKIE;
    assertThat(Objects.requireNonNull(sessions.use(header)).csrf())
        .isEqualTo(opened.session().csrf());
    assertThat(sessions.use(null)).isNull();
    assertThat(sessions.use("")).isNull();
    assertThat(sessions.use(Sessions.COOKIE + "=")).isNull();
    assertThat(sessions.use(cookie(opened) + "x")).isNull();
    assertThat(sessions.use("x" + cookie(opened))).isNull();
  }

  @Test
  void idsAndSecretsAreNeverTheSame() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Sessions.Opened opened = sessions.open(TOKEN);
      assertThat(seen.add(opened.id())).isTrue();
      assertThat(seen.add(opened.session().csrf())).isTrue();
      assertThat(opened.id()).hasSize(43);
    }
  }

  @Test
  void endsWhenItIsNotUsed() {
    Sessions.Opened opened = sessions.open(TOKEN);
    nowMs += Sessions.IDLE_MS - 1;
    assertThat(sessions.use(cookie(opened))).isNotNull();
    nowMs += Sessions.IDLE_MS - 1;
    assertThat(sessions.use(cookie(opened))).isNotNull();
    nowMs += Sessions.IDLE_MS;
    assertThat(sessions.use(cookie(opened))).isNull();
    assertThat(sessions.count()).isZero();
  }

  @Test
  void endsHoweverBusyItIs() {
    Sessions.Opened opened = sessions.open(TOKEN);
    while (nowMs < Sessions.LIFETIME_MS - Sessions.IDLE_MS / 2) {
      nowMs += Sessions.IDLE_MS / 2;
      assertThat(sessions.use(cookie(opened)) != null).isEqualTo(nowMs < Sessions.LIFETIME_MS);
    }
    nowMs = Sessions.LIFETIME_MS;
    assertThat(sessions.use(cookie(opened))).isNull();
  }

  @Test
  void oneTooManyEndsTheOneUnusedLongest() {
    Sessions.Opened first = sessions.open(TOKEN);
    nowMs++;
    Sessions.Opened second = sessions.open(TOKEN);
    for (int i = 2; i < Sessions.KEPT_MAX; i++) {
      nowMs++;
      sessions.open(TOKEN);
    }
    nowMs++;
    assertThat(sessions.use(cookie(first))).isNotNull();
    sessions.open(TOKEN);
    assertThat(sessions.count()).isEqualTo(Sessions.KEPT_MAX);
    assertThat(sessions.use(cookie(first))).isNotNull();
    assertThat(sessions.use(cookie(second))).isNull();
  }

  @Test
  void endsWhenTold() {
    Sessions.Opened opened = sessions.open(TOKEN);
    Sessions.Opened other = sessions.open(TOKEN);
    sessions.end(cookie(opened));
    sessions.end(null);
    assertThat(sessions.use(cookie(opened))).isNull();
    assertThat(sessions.use(cookie(other))).isNotNull();
  }
}
