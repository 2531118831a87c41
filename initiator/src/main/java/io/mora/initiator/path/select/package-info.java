/** Which of several ways a command takes. */
@NullMarked
package io.mora.initiator.path.select;

import org.jspecify.annotations.NullMarked;
