/** Proof of who a host is, by DH-HMAC-CHAP, on each queue and off the shards' threads. */
@NullMarked
package io.mora.target.controller.auth;

import org.jspecify.annotations.NullMarked;
