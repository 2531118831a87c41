package io.mora.cli.manage.field;

import io.mora.cli.CliException;
import io.mora.cli.manage.client.Doc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the blocks of a new namespace are, and who it says it is. */
public final class BackendFields {
  @Option(
      names = "--kind",
      paramLabel = "KIND",
      completionCandidates = Words.Kinds.class,
      description = "${COMPLETION-CANDIDATES} (default: what --path is; several are a stripe).")
  private @Nullable String kind;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "File or device, as the daemon sees it; a new file is made; may be repeated.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--chunk",
      paramLabel = "SIZE",
      description = "What lies on one file of a stripe before the next one's turn.")
  private @Nullable String chunk;

  @Option(
      names = {"-z", "--size"},
      paramLabel = "SIZE",
      description = "As 10GiB (default: that of an existing file or device).")
  private @Nullable String size;

  @Option(
      names = "--block-size",
      paramLabel = "BYTES",
      description = "512 or 4096 (default: 4096).")
  private @Nullable Integer blockSize;

  @Option(names = "--preallocate", description = "A new file gets all its blocks at once.")
  private @Nullable Boolean preallocate;

  @Option(
      names = "--direct",
      paramLabel = "WHEN",
      completionCandidates = Words.Direct.class,
      description = "Past the page cache: ${COMPLETION-CANDIDATES} (default: auto).")
  private @Nullable String direct;

  @Option(names = "--read-only", description = "Hosts cannot write.")
  private @Nullable Boolean readOnly;

  @Option(names = "--uuid", paramLabel = "UUID", description = "What hosts find it by.")
  private @Nullable String uuid;

  @Option(names = "--nguid", paramLabel = "HEX", description = "Its other identifier.")
  private @Nullable String nguid;

  public void apply(Doc namespace) {
    Fields.put(namespace, "uuid", uuid);
    Fields.put(namespace, "nguid", nguid);
    Fields.put(namespace, "blockSize", blockSize);
    Doc backend = namespace.make("backend");
    Fields.put(backend, "kind", kind());
    if (paths.size() == 1) {
      Fields.put(backend, "path", paths.get(0));
    } else if (!paths.isEmpty()) {
      Fields.put(backend, "paths", paths);
    }
    Fields.put(backend, "chunk", chunk);
    Fields.put(backend, "size", size);
    Fields.put(backend, "preallocate", preallocate);
    Fields.put(backend, "direct", direct);
    Fields.put(backend, "readOnly", readOnly);
  }

  private String kind() {
    if (kind != null) {
      return kind;
    }
    if (paths.isEmpty()) {
      throw CliException.usage(
          "where are the blocks? --path FILE_OR_DEVICE, or --kind memory --size SIZE");
    }
    if (paths.size() > 1) {
      return "stripe";
    }
    return paths.get(0).startsWith("/dev/") ? "block" : "file";
  }
}
