/** What Authentication Send and Authentication Receive carry. */
@NullMarked
package io.mora.protocol.auth.message;

import org.jspecify.annotations.NullMarked;
