/** Ranges of blocks the controller knows in advance: registered, renewed, given back. */
@NullMarked
package io.mora.initiator.region;

import org.jspecify.annotations.NullMarked;
