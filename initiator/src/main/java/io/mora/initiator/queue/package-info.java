/** Host queue pairs and their connections. */
@NullMarked
package io.mora.initiator.queue;

import org.jspecify.annotations.NullMarked;
