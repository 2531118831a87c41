package io.mora.target.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
  @TempDir Path folder;

  private static ServerSocketChannel bind(Path at) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(at));
  }

  @Test
  void isForOwnerAndGroupOnlyFromItsFirstMoment() throws IOException {
    Path place = folder.resolve("deep/admin.sock");
    SocketFile file = SocketFile.claim(place);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file.bindAt().getParent())))
        .isEqualTo("rwx------");
    try (ServerSocketChannel bound = bind(file.bindAt())) {
      assertThat(place).doesNotExist();
      file.publish("");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
          .isEqualTo("rw-rw----");
      assertThat(bound.isOpen()).isTrue();
    }
    file.close();
    try (Stream<Path> left = Files.list(place.getParent())) {
      assertThat(left)
          .extracting(each -> each.getFileName().toString())
          .containsExactly("admin.sock.lock");
    }
  }

  @Test
  void whatADeadOwnerLeftIsReplacedAndALivingOneIsNot() throws IOException {
    Path place = folder.resolve("admin.sock");
    bind(place).close(); // stays in the file system
    assertThat(place).exists();
    SocketFile first = SocketFile.claim(place);
    assertThatThrownBy(() -> SocketFile.claim(place))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another target is managed there");
    try (ServerSocketChannel bound = bind(first.bindAt())) {
      first.publish("");
      assertThat(bound.isOpen()).isTrue();
    }
    first.close();
    SocketFile.claim(place).close();
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Path place = Files.writeString(folder.resolve("admin.sock"), "mine");
    assertThatThrownBy(() -> SocketFile.claim(place)).hasMessageContaining("no socket");
    assertThat(place).hasContent("mine");
  }

  @Test
  void anUnknownGroupIsNamed() throws IOException {
    Path place = folder.resolve("admin.sock");
    SocketFile file = SocketFile.claim(place);
    try (ServerSocketChannel bound = bind(file.bindAt())) {
      assertThatThrownBy(() -> file.publish("no-such-group")).isInstanceOf(IOException.class);
      assertThat(bound.isOpen()).isTrue();
    }
    file.close();
    assertThat(place).doesNotExist();
  }
}
