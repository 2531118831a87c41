/**
 * TLS 1.3 with pre-shared keys (TP 8011): keys, identities, the handshake and records, as bytes and
 * without sockets; the same at both ends.
 */
@NullMarked
package io.mora.protocol.auth.tls;

import org.jspecify.annotations.NullMarked;
