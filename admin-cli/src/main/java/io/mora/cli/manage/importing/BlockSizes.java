package io.mora.cli.manage.importing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Logical block sizes by which the other target served its storage. They have to stay: partition
 * tables and file systems count in them.
 */
final class BlockSizes {
  private static final String OF_FILES = "4096";
  private static final String OF_DEVICES = "512";

  private final Path classes;

  /**
   * @param classes where the kernel tells of block devices, {@code /sys/class/block}
   */
  BlockSizes(Path classes) {
    this.classes = classes;
  }

  /** The size the kernel's target has for it; a remark where that is a guess. */
  Object of(Path path, boolean block, String what, Imported imported) {
    if (!block) {
      imported.leave(what, "blockSize " + OF_FILES + " is what a file on most file systems has");
      return Imported.number(OF_FILES);
    }
    try {
      Path device = Files.exists(path) ? path.toRealPath() : path;
      String name = String.valueOf(device.getFileName());
      Path folder = classes.resolve(name);
      Path queue = folder.resolve("queue");
      if (!Files.exists(queue)) {
        queue = folder.toRealPath().resolveSibling("queue"); // A partition has its disk's.
      }
      return Imported.number(Files.readString(queue.resolve("logical_block_size")).strip());
    } catch (IOException e) {
      imported.leave(
          what,
          path + " is not here: blockSize " + OF_DEVICES + " is a guess, compare 'nvme id-ns'");
      return Imported.number(OF_DEVICES);
    }
  }
}
