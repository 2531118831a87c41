/** How this host proves who it is, and has controllers prove who they are (DH-HMAC-CHAP). */
@NullMarked
package io.mora.initiator.auth;

import org.jspecify.annotations.NullMarked;
