/** Data handed on to a device that computes with it, and when it is really there. */
@NullMarked
package io.mora.initiator.accelerator;

import org.jspecify.annotations.NullMarked;
