/** Asking discovery controllers. */
@NullMarked
package io.mora.initiator.discovery;

import org.jspecify.annotations.NullMarked;
