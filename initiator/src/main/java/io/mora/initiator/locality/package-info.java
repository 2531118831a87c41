/** Who consumes completions, where that runs, and which queue is nearest. */
@NullMarked
package io.mora.initiator.locality;

import org.jspecify.annotations.NullMarked;
