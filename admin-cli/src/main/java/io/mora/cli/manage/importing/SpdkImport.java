package io.mora.cli.manage.importing;

import io.mora.cli.manage.client.Doc;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code save_config} of SPDK's target prints: calls, in the order in which they have to be
 * made, by subsystem of SPDK. Listeners belong to a subsystem there; ours are shared.
 */
final class SpdkImport {
  /** Calls that tune SPDK itself: there is nothing to carry over. */
  private static final List<String> OWN =
      List.of(
          "nvmf_set_config",
          "nvmf_set_max_subsystems",
          "nvmf_set_crdt",
          "bdev_set_options",
          "bdev_nvme_set_options",
          "bdev_nvme_set_hotplug",
          "bdev_iscsi_set_options",
          "bdev_raid_set_options",
          "bdev_wait_for_examine");

  private final Imported imported = new Imported();
  private final Map<String, Doc> bdevs = new LinkedHashMap<>();
  private final Map<String, String> states = new HashMap<>();

  private SpdkImport() {}

  static Imported of(Doc saved) {
    SpdkImport spdk = new SpdkImport();
    for (Doc part : saved.docs("subsystems")) {
      for (Doc call : part.docs("config")) {
        spdk.call(part.text("subsystem"), call.text("method"), call.at("params"));
      }
    }
    return spdk.imported;
  }

  private void call(String part, String method, Doc params) {
    switch (method) {
      case "bdev_aio_create", "bdev_uring_create", "bdev_malloc_create", "bdev_null_create" ->
          bdevs.put(params.text("name"), params.put("method", method));
      case "nvmf_create_transport" -> transport(params);
      case "nvmf_create_subsystem" -> subsystem(params);
      case "nvmf_subsystem_add_host" -> host(params);
      case "nvmf_subsystem_add_ns" -> namespace(params.text("nqn"), params.at("namespace"));
      case "nvmf_subsystem_add_listener" -> listener(params);
      case "nvmf_subsystem_listener_set_ana_state" -> state(params);
      default -> other(part, method, params);
    }
  }

  private void other(String part, String method, Doc params) {
    boolean storage = part.equals("bdev") || part.equals("nvmf");
    if (!storage || OWN.contains(method)) {
      return; // Threads, sockets, other targets: the next remark would help nobody.
    }
    String what = params.text("name", params.text("nqn", part));
    imported.leave(what, method + " has no counterpart");
  }

  private void transport(Doc params) {
    if (!params.text("trtype").equalsIgnoreCase("tcp")) {
      imported.leave("transport " + params.text("trtype"), "only TCP is served");
    }
  }

  private void subsystem(Doc params) {
    Doc subsystem = imported.subsystem(params.text("nqn"));
    if (!params.text("serial_number").isBlank()) {
      subsystem.put("serial", params.text("serial_number").strip());
    }
    if (!params.text("model_number").isBlank()) {
      subsystem.put("model", params.text("model_number").strip());
    }
    subsystem.put("allowAnyHost", params.flag("allow_any_host"));
  }

  private void host(Doc params) {
    String host = params.text("host");
    imported.host(host);
    Doc subsystem = imported.subsystem(params.text("nqn"));
    if (!subsystem.flag("allowAnyHost")) {
      Imported.add(subsystem, "allowedHosts", host);
    }
    for (String key : List.of("dhchap_key", "dhchap_ctrlr_key", "psk")) {
      if (!params.text(key).isEmpty()) {
        imported.leave(host, key + " names a key of SPDK's keyring: see 'mora host key set'");
      }
    }
  }

  private void namespace(String nqn, Doc params) {
    String bdevName = params.text("bdev_name");
    String what = nqn + " namespace " + params.text("nsid") + " (" + bdevName + ")";
    Doc bdev = bdevs.get(bdevName);
    if (bdev == null) {
      imported.leave(what, "its bdev is not a file, a device, malloc or null");
      return;
    }
    Doc namespace = Doc.empty().put("nsid", params.number("nsid"));
    Imported.identifier(params, "uuid", namespace);
    Imported.identifier(params, "nguid", namespace);
    if (!params.text("eui64").isEmpty()) {
      imported.leave(what, "EUI-64 is not served; UUID and NGUID are");
    }
    if (!params.text("ptpl_file").isEmpty()) {
      imported.leave(what, "reservations do not outlive the target (ptpl_file)");
    }
    long size = bdev.number("block_size");
    if (size != 512 && size != 4096) {
      imported.leave(what, "blocks of " + size + " bytes are not served: 512 or 4096");
      return;
    }
    namespace.put("blockSize", size);
    if (params.number("anagrpid") > 1) {
      namespace.put("anaGroup", params.number("anagrpid"));
    }
    backend(bdev, size, namespace.make("backend"));
    Imported.add(imported.subsystem(nqn), "namespaces", namespace);
  }

  private static void backend(Doc bdev, long blockSize, Doc backend) {
    switch (bdev.text("method")) {
      case "bdev_malloc_create" -> backend.put("kind", "memory");
      case "bdev_null_create" -> backend.put("kind", "null");
      default -> {
        String path = bdev.text("filename");
        backend.put("kind", path.startsWith("/dev/") ? "block" : "file").put("path", path);
        if (bdev.flag("readonly")) {
          backend.put("readOnly", true);
        }
        return;
      }
    }
    backend.put("size", bdev.number("num_blocks") * blockSize + "B");
  }

  private Doc place(Doc params) {
    Doc address = params.at("listen_address");
    return imported.listener(address.text("traddr"), address.text("trsvcid", "4420"));
  }

  private boolean served(Doc params) {
    Doc address = params.at("listen_address");
    if (address.text("trtype").equalsIgnoreCase("tcp")) {
      return true;
    }
    imported.leave(
        params.text("nqn") + " at " + address.text("traddr"),
        "transport " + address.text("trtype") + " is not served");
    return false;
  }

  private void listener(Doc params) {
    String nqn = params.text("nqn");
    if (!served(params)) {
      return;
    }
    if (imported.known(nqn) == null) {
      imported.leave(nqn, "discovery is served at every listener");
      return;
    }
    if (params.flag("secure_channel")) {
      imported.leave(nqn, "TLS is not served; its listener is plain TCP");
    }
    Imported.add(place(params), "subsystems", nqn);
  }

  private void state(Doc params) {
    if (!served(params)) {
      return;
    }
    String state = params.text("ana_state").toLowerCase(Locale.ROOT).replace('_', '-');
    long group = Math.max(1, params.number("anagrpid"));
    Doc address = params.at("listen_address");
    String key = address.text("traddr") + " " + address.text("trsvcid") + " " + group;
    String other = states.putIfAbsent(key, state);
    if (other != null && !other.equals(state)) {
      imported.leave(
          params.text("nqn") + " ANA group " + group,
          "it is "
              + state
              + " there, and another subsystem's is "
              + other
              + ": states are by"
              + " listener, so give it a group of its own");
    } else if (other == null && !state.equals("optimized")) {
      Imported.add(place(params), "ana", group + " " + state);
    }
  }
}
