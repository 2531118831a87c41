/** What goes into commands, and what does not. */
@NullMarked
package io.mora.initiator.intent;

import org.jspecify.annotations.NullMarked;
