/** The choice of queues. */
@NullMarked
package io.mora.initiator.locality;

import org.jspecify.annotations.NullMarked;
