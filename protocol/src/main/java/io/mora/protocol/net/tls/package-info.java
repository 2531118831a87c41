/** TLS between a socket and what is behind it, for connections that have it. */
@NullMarked
package io.mora.protocol.net.tls;

import org.jspecify.annotations.NullMarked;
