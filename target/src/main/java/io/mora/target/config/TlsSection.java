package io.mora.target.config;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.TlsSpec;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.target.config.key.TlsPskKey;
import io.mora.target.config.secret.SecretBox;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes how a host connects over TLS. No message of it shows a key. */
final class TlsSection {
  private TlsSection() {}

  /** Null if there is no such section, or it has problems, which were reported. */
  static @Nullable TlsSpec read(SectionReader host, Nqn owner, Path folder) {
    if (!host.has(TlsPskKey.HOST_TLS)) {
      return null;
    }
    SectionReader section = host.section(TlsPskKey.HOST_TLS);
    var keys = new DhchapSection.Reading<>(section, owner, folder, TlsPsk::parse);
    TlsPsk psk = keys.of(TlsPskKey.PSK, TlsPskKey.PSK_FILE);
    TlsPsk previous = keys.of(TlsPskKey.PREVIOUS_PSK, TlsPskKey.PREVIOUS_PSK_FILE);
    if (psk != null) {
      return new TlsSpec(
          psk,
          previous,
          section.value(TlsPskKey.PSK_FILE, text -> text),
          section.value(TlsPskKey.PREVIOUS_PSK_FILE, text -> text));
    }
    if (!section.has(TlsPskKey.PSK) && !section.has(TlsPskKey.PSK_FILE)) {
      section.problem(TlsPskKey.PSK, "", TlsPskKey.PSK.allowed() + " or pskFile", "missing");
    }
    return null;
  }

  static Map<String, Object> write(TlsSpec spec, Nqn owner, @Nullable SecretBox secrets) {
    Map<String, Object> section = new LinkedHashMap<>();
    if (spec.pskFile() != null) {
      ConfigWriter.put(section, TlsPskKey.PSK_FILE, spec.pskFile());
    } else {
      DhchapSection.put(section, TlsPskKey.PSK, spec.psk().reveal(), owner, secrets);
    }
    TlsPsk previous = spec.previousPsk();
    if (spec.previousPskFile() != null) {
      ConfigWriter.put(section, TlsPskKey.PREVIOUS_PSK_FILE, spec.previousPskFile());
    } else if (previous != null) {
      DhchapSection.put(section, TlsPskKey.PREVIOUS_PSK, previous.reveal(), owner, secrets);
    }
    return section;
  }
}
