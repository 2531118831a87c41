/** Tests of the package's parts on their own. */
@NullMarked
package io.mora.initiator.queue;

import org.jspecify.annotations.NullMarked;
