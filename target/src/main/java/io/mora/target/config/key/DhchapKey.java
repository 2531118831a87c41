package io.mora.target.config.key;

import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import java.util.stream.Collectors;

/** Keys of how a host proves who it is. */
public enum DhchapKey implements ConfigKey {
  HOST_DHCHAP(
      "hosts[].dhchap",
      "section",
      "",
      "",
      "How this host proves who it is, on every queue it connects (DH-HMAC-CHAP). Without this"
          + " section its name is taken as it is."),
  KEY(
      "hosts[].dhchap.key",
      "secret in quotes",
      "required, or `keyFile`",
      "\"DHHC-1:...:\" or sealed",
      "The host's secret, as `mora host key generate` and `nvme gen-dhchap-key` make it. The target"
          + " writes it sealed, with a key that is not in the file."),
  KEY_FILE(
      "hosts[].dhchap.keyFile",
      "path",
      "none",
      "a file of its owner alone",
      "File with nothing but the host's secret, readable and writable by its owner only (mode 0600"
          + " or 0400), who is root or runs the target."),
  CONTROLLER_KEY(
      "hosts[].dhchap.controllerKey",
      "secret in quotes",
      "none",
      "\"DHHC-1:...:\" or sealed",
      "The secret by which the target proves itself to this host, where the host asks for that."
          + " Without it a host that asks is refused."),
  CONTROLLER_KEY_FILE(
      "hosts[].dhchap.controllerKeyFile",
      "path",
      "none",
      "a file of its owner alone",
      "The same in a file, as `keyFile`."),
  HASHES(
      "hosts[].dhchap.hashes",
      "list of words",
      DhchapSpec.HASHES.stream().map(DhchapHash::word).collect(Collectors.joining(", ")),
      DhchapHash.words(),
      "Hash functions that are good enough. The first that the host offers, too, is taken."),
  GROUPS(
      "hosts[].dhchap.groups",
      "list of words",
      DhchapSpec.GROUPS.stream().map(DhchapGroup::word).collect(Collectors.joining(", ")),
      DhchapGroup.words(),
      "Diffie-Hellman groups that are good enough, likewise. `none` is no exchange: fit for random secrets"
          + " only.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  DhchapKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
