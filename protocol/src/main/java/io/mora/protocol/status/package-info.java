/** Status codes. */
@NullMarked
package io.mora.protocol.status;

import org.jspecify.annotations.NullMarked;
