/** Tests of the initiator against a scripted controller. */
@NullMarked
package io.mora.initiator;

import org.jspecify.annotations.NullMarked;
