package io.mora.target.config.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretBoxTest {
  private static final String SECRET = "not for everybody";

  @TempDir private Path folder = Path.of("");

  private Path key() {
    return folder.resolve(SealingKey.FILE);
  }

  @Test
  void whatIsSealedIsOpenedInItsPlace() {
    SecretBox box = SecretBox.in(folder);
    String sealed = box.seal("here", SECRET);
    assertThat(SecretBox.isSealed(sealed)).isTrue();
    assertThat(sealed).doesNotContain(SECRET);
    assertThat(SecretBox.in(folder).open("here", sealed)).isEqualTo(SECRET);
    assertThatThrownBy(() -> box.open("there", sealed)).hasMessageContaining("another place");
  }

  @Test
  void theSameIsSealedTheSameAndAnotherOtherwise() {
    SecretBox box = SecretBox.in(folder);
    assertThat(box.seal("here", SECRET)).isEqualTo(box.seal("here", SECRET));
    assertThat(Stream.of(box.seal("there", SECRET), box.seal("here", SECRET + "!")))
        .doesNotContain(box.seal("here", SECRET));
  }

  @Test
  void theKeyIsItsOwnersAloneAndMadeOnce() throws IOException {
    SecretBox box = SecretBox.in(folder);
    assertThat(key()).doesNotExist();
    box.seal("here", SECRET);
    byte[] first = Files.readAllBytes(key());
    box.seal("there", SECRET);
    assertThat(Files.readAllBytes(key())).isEqualTo(first).hasSize(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(key());
    }
  }

  @Test
  void anotherKeyOpensNothing() throws IOException {
    String sealed = SecretBox.in(folder).seal("here", SECRET);
    Files.delete(key());
    assertThatThrownBy(() -> SecretBox.in(folder).open("here", sealed))
        .hasMessageContaining("another key");
    SecretBox.in(folder).seal("there", SECRET);
    assertThatThrownBy(() -> SecretBox.in(folder).open("here", sealed))
        .hasMessageContaining("another key");
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws IOException {
    String sealed = SecretBox.in(folder).seal("here", SECRET);
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> SecretBox.in(folder).open("here", sealed))
        .hasMessageContaining(SealingKey.FILE)
        .hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-------"));
    Files.write(key(), new byte[31]);
    assertThatThrownBy(() -> SecretBox.in(folder).open("here", sealed)).hasMessageContaining("31");
  }

  /** A process that died while it made the key left a draft. */
  @Test
  void aDraftThatWasLeftIsReplaced() throws IOException {
    Path draft = folder.resolve("." + SealingKey.FILE + "." + ProcessHandle.current().pid());
    Files.write(draft, new byte[1]);
    String sealed = SecretBox.in(folder).seal("here", SECRET);
    assertThat(SecretBox.in(folder).open("here", sealed)).isEqualTo(SECRET);
    assertThat(draft).doesNotExist();
  }

  @Test
  void theServicesCredentialComesFirst() throws IOException {
    Path credentials = Files.createDirectory(folder.resolve("credentials"));
    Files.write(credentials.resolve(SealingKey.CREDENTIAL), new byte[40]);
    SealingKey key = new SealingKey(folder, credentials.toString());
    assertThat(key.forSealing()).isEqualTo(new byte[40]);
    assertThat(key.forOpening()).isEqualTo(new byte[40]);
    assertThat(key()).doesNotExist();
  }

  @Test
  void whereNoKeyCanBeKeptTheProcessHasOne() {
    SecretBox box = SecretBox.in(folder.resolve("nowhere"));
    assertThat(box.open("here", box.seal("here", SECRET))).isEqualTo(SECRET);
  }

  @Test
  void damageIsToldWithoutTheText() {
    SecretBox box = SecretBox.in(folder);
    String sealed = box.seal("here", SECRET);
    for (String damaged :
        new String[] {
          SecretBox.START,
          sealed.substring(0, sealed.length() - 4),
          sealed + "!",
          SecretBox.START + "AAAA",
          sealed + "A".repeat(5_000)
        }) {
      assertThatThrownBy(() -> box.open("here", damaged))
          .isInstanceOf(IllegalArgumentException.class)
          .message()
          .doesNotContain(sealed.substring(SecretBox.START.length(), 30));
    }
  }
}
