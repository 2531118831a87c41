package io.mora.target.config.key;

/** Keys of how a host connects over TLS. */
public enum TlsPskKey implements ConfigKey {
  HOST_TLS(
      "hosts[].tls",
      "section",
      "",
      "",
      "The pre-shared keys by which this host connects over TLS, to listeners that speak it. Without"
          + " this section it cannot."),
  PSK(
      "hosts[].tls.psk",
      "secret in quotes",
      "required, or `pskFile`",
      "\"NVMeTLSkey-1:...:\" or sealed",
      "The host's key, as `mora host key generate --tls` and `nvme gen-tls-key` make it; for every"
          + " subsystem, discovery included. The target writes it sealed, with a key that is not in"
          + " the file."),
  PSK_FILE(
      "hosts[].tls.pskFile",
      "path",
      "none",
      "a file of its owner alone",
      "File with nothing but the host's key, readable and writable by its owner only (mode 0600 or"
          + " 0400), who is root or runs the target."),
  PREVIOUS_PSK(
      "hosts[].tls.previousPsk",
      "secret in quotes",
      "none",
      "\"NVMeTLSkey-1:...:\" or sealed",
      "A key that counts as well as `psk` while the host is changed from this one to that one."),
  PREVIOUS_PSK_FILE(
      "hosts[].tls.previousPskFile",
      "path",
      "none",
      "a file of its owner alone",
      "The same in a file, as `pskFile`.");

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Text text;

  TlsPskKey(String pattern, String form, String byDefault, String allowed, String meaning) {
    text = new Text(pattern, form, byDefault, allowed, meaning);
  }

  @Override
  public Text text() {
    return text;
  }
}
