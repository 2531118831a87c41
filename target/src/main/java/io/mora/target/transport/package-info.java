/** Sockets and PDU order; nothing about commands. */
@NullMarked
package io.mora.target.transport;

import org.jspecify.annotations.NullMarked;
