package io.mora.target.config;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.protocol.admin.access.Role;
import io.mora.protocol.admin.access.TcpSpec;
import io.mora.protocol.admin.access.TokenSpec;
import io.mora.protocol.data.Bytes;
import io.mora.target.config.key.AdminKey;
import io.mora.target.config.key.ConfigKey;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the daemon is managed, from and to the configuration. */
final class AdminSection {
  /** Stands in for an address that was a problem already. */
  private static final TransportAddress NOWHERE = new TransportAddress("127.0.0.1", 0);

  private final SectionReader section;
  private final Path folder;

  private AdminSection(SectionReader section, Path folder) {
    this.section = section;
    this.folder = folder;
  }

  static AdminSpec read(SectionReader section, Path folder) {
    return new AdminSection(section, folder).read();
  }

  private AdminSpec read() {
    AdminSpec byDefault = AdminSpec.DEFAULT;
    String socket = section.value(AdminKey.SOCKET, this::socket);
    String group = section.value(AdminKey.GROUP, text -> text);
    TransportAddress metrics = section.value(AdminKey.METRICS, text -> address(text, 0));
    return new AdminSpec(
        socket == null ? byDefault.socket() : socket,
        group == null ? "" : group,
        section.has(AdminKey.TCP)
            ? Optional.of(tcp(section.section(AdminKey.TCP)))
            : Optional.empty(),
        Optional.ofNullable(metrics),
        section.integer(AdminKey.HISTORY, byDefault.history()),
        tokens());
  }

  private String socket(String text) {
    return text.equals(AdminSpec.AUTO) || text.equals(AdminSpec.NONE) ? text : resolve(text);
  }

  private String resolve(String text) {
    try {
      return folder.resolve(text).normalize().toString();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("not a path", e);
    }
  }

  private static TransportAddress address(String text, int port) {
    TransportAddress address = TransportAddress.parse(text, port);
    if (!address.isLiteral()) {
      throw new IllegalArgumentException("not an address");
    }
    return address;
  }

  private TcpSpec tcp(SectionReader tcp) {
    TransportAddress listen =
        tcp.required(AdminKey.TCP_LISTEN, text -> address(text, TcpSpec.PORT));
    String certificate = tcp.required(AdminKey.TCP_CERTIFICATE, this::resolve);
    String key = tcp.required(AdminKey.TCP_KEY, this::resolve);
    return new TcpSpec(
        listen == null ? NOWHERE : listen,
        certificate == null ? "" : certificate,
        key == null ? "" : key);
  }

  private List<TokenSpec> tokens() {
    List<TokenSpec> tokens = new ArrayList<>();
    for (SectionReader token : section.sections(AdminKey.TOKENS)) {
      String name = token.required(AdminKey.TOKEN_NAME, text -> text);
      Role role = token.word(AdminKey.TOKEN_ROLE, Role.READ);
      Bytes hash = token.required(AdminKey.TOKEN_HASH, AdminSection::hash);
      if (name != null && hash != null) {
        tokens.add(new TokenSpec(name, role, hash));
      }
    }
    return tokens;
  }

  private static Bytes hash(String text) {
    try {
      return Bytes.parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not hex digits", e);
    }
  }

  /** What is not as by default. */
  static Map<String, Object> write(AdminSpec spec) {
    Map<String, Object> admin = new LinkedHashMap<>();
    ConfigWriter.put(admin, AdminKey.SOCKET, spec.socket());
    if (!spec.group().isEmpty()) {
      ConfigWriter.put(admin, AdminKey.GROUP, spec.group());
    }
    spec.metrics()
        .ifPresent(address -> ConfigWriter.put(admin, AdminKey.METRICS, address.toString()));
    ConfigWriter.put(admin, AdminKey.HISTORY, spec.history());
    if (spec.tcp().isPresent()) {
      TcpSpec tcp = spec.tcp().get();
      Map<String, Object> section = new LinkedHashMap<>();
      ConfigWriter.put(section, AdminKey.TCP_LISTEN, tcp.listen().toString());
      ConfigWriter.put(section, AdminKey.TCP_CERTIFICATE, tcp.certificate());
      ConfigWriter.put(section, AdminKey.TCP_KEY, tcp.key());
      ConfigWriter.put(admin, AdminKey.TCP, section);
    }
    if (!spec.tokens().isEmpty()) {
      ConfigKey tokens = AdminKey.TOKENS;
      ConfigWriter.put(admin, tokens, spec.tokens().stream().map(AdminSection::token).toList());
    }
    return admin;
  }

  private static Map<String, Object> token(TokenSpec spec) {
    Map<String, Object> token = new LinkedHashMap<>();
    ConfigWriter.put(token, AdminKey.TOKEN_NAME, spec.name());
    ConfigWriter.put(token, AdminKey.TOKEN_ROLE, spec.role().word());
    ConfigWriter.put(token, AdminKey.TOKEN_HASH, spec.sha256().toString());
    return token;
  }
}
