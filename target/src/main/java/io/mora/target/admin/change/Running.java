package io.mora.target.admin.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.access.AdminSpec;
import io.mora.target.admin.http.Json;
import io.mora.target.config.ConfigFile;
import io.mora.target.config.secret.SecretBox;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The configuration in force.
 *
 * @param sealed in the shape of the file, what is secret sealed
 * @param yaml as it is written, everything written out
 * @param etag strong: the same for the same configuration only, quotes included
 */
public record Running(
    AdminSpec admin, TargetSpec target, ObjectNode sealed, String yaml, String etag) {
  /** Bytes of the hash that tell versions apart. */
  private static final int ETAG_BYTES = 16;

  static Running of(AdminSpec admin, TargetSpec target, SecretBox secrets) {
    Map<String, Object> sealed = ConfigFile.toTree(admin, target, secrets);
    String yaml = ConfigFile.toYaml(sealed);
    return new Running(admin, target, (ObjectNode) Json.of(sealed), yaml, etag(yaml));
  }

  private static String etag(String yaml) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(yaml.getBytes(StandardCharsets.UTF_8));
      return '"' + HexFormat.of().formatHex(hash, 0, ETAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A tree of its own, in the shape of the file. */
  public ObjectNode tree() {
    return sealed.deepCopy();
  }
}
