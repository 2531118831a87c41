/** Tests of queues that a thread drives itself. */
@NullMarked
package io.mora.initiator.sync;

import org.jspecify.annotations.NullMarked;
