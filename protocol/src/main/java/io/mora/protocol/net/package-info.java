/** Loops and transports that both ends share. */
@NullMarked
package io.mora.protocol.net;

import org.jspecify.annotations.NullMarked;
