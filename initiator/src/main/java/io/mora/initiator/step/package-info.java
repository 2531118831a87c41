/** A consumer's step: what it must read, what it may read ahead, and the end of both. */
@NullMarked
package io.mora.initiator.step;

import org.jspecify.annotations.NullMarked;
