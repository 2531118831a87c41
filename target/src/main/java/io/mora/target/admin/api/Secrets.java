package io.mora.target.admin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.target.config.key.DhchapKey;
import io.mora.target.config.key.TlsPskKey;
import java.util.List;

/**
 * What those who may only look do not see. Everybody else sees secrets sealed; to a reader, who can
 * have texts sealed by comparing configurations, also that would tell whether a guess is right.
 */
final class Secrets {
  private static final List<String> CHAP_KEYS =
      List.of(DhchapKey.KEY.key(), DhchapKey.CONTROLLER_KEY.key());

  private static final List<String> TLS_KEYS =
      List.of(TlsPskKey.PSK.key(), TlsPskKey.PREVIOUS_PSK.key());

  private Secrets() {}

  /** Takes them out of a tree, wherever hosts are in it. */
  static <T extends JsonNode> T removed(T tree) {
    if (tree.get(DhchapKey.HOST_DHCHAP.key()) instanceof ObjectNode section) {
      section.remove(CHAP_KEYS);
    }
    if (tree.get(TlsPskKey.HOST_TLS.key()) instanceof ObjectNode section) {
      section.remove(TLS_KEYS);
    }
    tree.forEach(Secrets::removed);
    return tree;
  }
}
