/** Who is let in: DH-HMAC-CHAP, by the wire and end to end. */
@NullMarked
package io.mora.tests.system.auth;

import org.jspecify.annotations.NullMarked;
