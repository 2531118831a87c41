package io.mora.cli.manage.importing;

import io.mora.cli.manage.client.Doc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code nvmetcli save} writes of the Linux kernel's target.
 *
 * <p>Numbers are texts there, flags are 0 and 1, and an identifier that is not set is all zero.
 */
final class NvmetImport {
  private static final String SET = "1";

  /** Attributes of subsystems that either are carried over or say nothing. */
  private static final List<String> ATTRIBUTES =
      List.of("allow_any_host", "serial", "model", "version", "pi_enable");

  private final Imported imported = new Imported();
  private final BlockSizes sizes;

  private NvmetImport(BlockSizes sizes) {
    this.sizes = sizes;
  }

  static Imported of(Doc saved, BlockSizes sizes) {
    NvmetImport nvmet = new NvmetImport(sizes);
    saved.docs("hosts").forEach(nvmet::host);
    saved.docs("subsystems").forEach(nvmet::subsystem);
    saved.docs("ports").forEach(nvmet::port);
    return nvmet.imported;
  }

  private void host(Doc saved) {
    Doc host = imported.host(saved.text("nqn"));
    Doc attributes = saved.has("attr") ? saved.at("attr") : saved;
    String key = attributes.text("dhchap_key");
    if (key.isEmpty()) {
      return;
    }
    Doc dhchap = host.make("dhchap").put("key", key);
    if (!attributes.text("dhchap_ctrl_key").isEmpty()) {
      dhchap.put("controllerKey", attributes.text("dhchap_ctrl_key"));
    }
    String hash = attributes.text("dhchap_hash").replace("hmac(", "").replace(")", "");
    if (!hash.isEmpty()) {
      dhchap.put("hashes", List.of(hash));
    }
    String group = attributes.text("dhchap_dhgroup");
    if (!group.isEmpty()) {
      dhchap.put("groups", List.of(group.equals("null") ? "none" : group));
    }
  }

  private void subsystem(Doc saved) {
    String nqn = saved.text("nqn");
    Doc subsystem = imported.subsystem(nqn);
    Doc attributes = saved.at("attr");
    if (!attributes.text("serial").isBlank()) {
      subsystem.put("serial", attributes.text("serial").strip());
    }
    if (!attributes.text("model").isBlank()) {
      subsystem.put("model", attributes.text("model").strip());
    }
    boolean any = attributes.text("allow_any_host").equals(SET);
    subsystem.put("allowAnyHost", any);
    if (attributes.text("pi_enable").equals(SET)) {
      imported.leave(nqn, "protection information (pi_enable) is not served");
    }
    for (Map.Entry<String, ?> attribute : attributes.map().entrySet()) {
      if (!ATTRIBUTES.contains(attribute.getKey())) {
        imported.leave(nqn, "attribute " + attribute.getKey() + " has no counterpart");
      }
    }
    for (String host : saved.texts("allowed_hosts")) {
      imported.host(host);
      if (any) {
        imported.leave(nqn, "allowed host " + host + " is one of any that may connect");
      } else {
        Imported.add(subsystem, "allowedHosts", host);
      }
    }
    if (saved.at("passthru").text("enable").equals(SET)) {
      imported.leave(nqn, "passthrough of a whole controller is not served");
    }
    saved.docs("namespaces").forEach(each -> namespace(nqn, subsystem, each));
  }

  private void namespace(String nqn, Doc subsystem, Doc saved) {
    String what = nqn + " namespace " + saved.text("nsid");
    if (!saved.text("enable", SET).equals(SET)) {
      imported.leave(what, "it is not enabled");
      return;
    }
    Doc device = saved.at("device");
    String path = device.text("path");
    Doc namespace = Doc.empty().put("nsid", Imported.number(saved.text("nsid")));
    Imported.identifier(device, "uuid", namespace);
    Imported.identifier(device, "nguid", namespace);
    boolean block = path.startsWith("/dev/");
    namespace.put("blockSize", sizes.of(Path.of(path), block, what, imported));
    String group = saved.text("ana_grpid", saved.at("ana").text("grpid", SET));
    if (!group.equals(SET)) {
      namespace.put("anaGroup", Imported.number(group));
    }
    namespace.make("backend").put("kind", block ? "block" : "file").put("path", path);
    Imported.add(subsystem, "namespaces", namespace);
  }

  private void port(Doc saved) {
    Doc address = saved.at("addr");
    String what = "port " + saved.text("portid");
    if (!address.text("trtype").equals("tcp")) {
      imported.leave(what, "transport " + address.text("trtype") + " is not served");
      return;
    }
    if (address.text("treq").equals("required")) {
      imported.leave(what, "TLS is not served; this listener is plain TCP");
    }
    if (saved.texts("subsystems").isEmpty()) {
      imported.leave(
          what, "nothing is served there; a listener without subsystems serves them all");
      return;
    }
    Doc listener = imported.listener(address.text("traddr"), address.text("trsvcid", "4420"));
    for (String nqn : saved.texts("subsystems")) {
      Imported.add(listener, "subsystems", nqn);
    }
    for (Doc group : saved.docs("ana_groups")) {
      String state = group.at("ana").text("state", "optimized");
      if (!state.equals("optimized")) {
        Imported.add(listener, "ana", group.text("grpid") + " " + state);
      }
    }
    if (!saved.docs("referrals").isEmpty()) {
      imported.leave(what, "referrals are not taken over; discovery.referrals has them");
    }
  }
}
