/** Long-lived, aligned, registered memory for data. */
@NullMarked
package io.mora.initiator.buffer;

import org.jspecify.annotations.NullMarked;
