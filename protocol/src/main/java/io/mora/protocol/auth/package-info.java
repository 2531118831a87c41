/** DH-HMAC-CHAP: secrets, groups and responses as arithmetic, the same at both ends. */
@NullMarked
package io.mora.protocol.auth;

import org.jspecify.annotations.NullMarked;
