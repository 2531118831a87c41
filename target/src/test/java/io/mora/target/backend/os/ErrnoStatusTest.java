package io.mora.target.backend.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrnoStatusTest {
  @TempDir Path folder;

  @Test
  void mapsHostFileErrorsAsTheTableSays() {
    assertThat(ErrnoStatus.write(ErrnoStatus.ENOSPC)).isEqualTo(0x081 | Status.DNR);
    assertThat(ErrnoStatus.read(ErrnoStatus.EIO)).isEqualTo(0x281);
    assertThat(ErrnoStatus.write(ErrnoStatus.EIO)).isEqualTo(0x280);
    assertThat(ErrnoStatus.write(ErrnoStatus.EROFS)).isEqualTo(0x020);
    assertThat(ErrnoStatus.read(ErrnoStatus.EINVAL)).isEqualTo(0x006);
    assertThat(ErrnoStatus.write(0)).isEqualTo(0x006);
  }

  @Test
  void readsTheWordsOfFileChannels() {
    assertThat(ErrnoStatus.errno(new IOException("No space left on device")))
        .isEqualTo(ErrnoStatus.ENOSPC);
    assertThat(ErrnoStatus.errno(new IOException("Input/output error"))).isEqualTo(ErrnoStatus.EIO);
    assertThat(ErrnoStatus.errno(new IOException("Read-only file system")))
        .isEqualTo(ErrnoStatus.EROFS);
    assertThat(ErrnoStatus.errno(new IOException())).isZero();
  }

  @Test
  void callsLeaveTheirErrno() {
    assumeTrue(LibC.available(), "SKIPPED: no native access here");
    String missing = folder.resolve("missing").toString();
    assertThat(LibC.open(LibC.path(missing), LibC.O_RDONLY, 0)).isNegative();
    assertThat(LibC.errno()).isEqualTo(ErrnoStatus.ENOENT);
    assertThat(FileStatus.of(missing)).isNull();
    FileStatus root = Objects.requireNonNull(FileStatus.of("/"));
    assertThat(root.kind()).isEqualTo("a directory");
  }

  @Test
  void attributesOfAPartitionAreItsDisks() throws IOException {
    Path disk = Files.createDirectories(folder.resolve("devices/disk"));
    Path queue = Files.createDirectories(disk.resolve("queue"));
    Files.writeString(queue.resolve("write_cache"), "write through\n");
    Path partition = Files.createDirectories(disk.resolve("disk1"));
    Path link = Files.createSymbolicLink(folder.resolve("8:1"), partition);
    assertThat(BlockDevice.attribute(link, "write_cache")).isEqualTo("write through");
    assertThat(BlockDevice.attribute(disk, "write_cache")).isEqualTo("write through");
    assertThat(BlockDevice.attribute(disk, "nothing")).isEmpty();
    assertThat(BlockDevice.attribute(folder.resolve("9:9"), "write_cache")).isEmpty();
  }

  @Test
  void fillsWithZeroesBeyondOnePageOfThem() {
    int length = 2 * ZeroPages.LENGTH_BYTES + 5;
    ByteBuf buf = Unpooled.directBuffer(length + 2);
    buf.setZero(0, length + 2).setByte(0, 1).setByte(1, 2).setByte(length, 3);
    buf.setByte(length + 1, 4);
    ZeroPages.fill(buf, 1, length);
    assertThat(buf.getByte(0)).isEqualTo((byte) 1);
    assertThat(buf.getByte(1)).isZero();
    assertThat(buf.getByte(length)).isZero();
    assertThat(buf.getByte(length + 1)).isEqualTo((byte) 4);
    buf.release();
  }
}
