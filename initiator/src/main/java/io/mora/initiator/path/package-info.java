/** Getting to a controller, and back to it. */
@NullMarked
package io.mora.initiator.path;

import org.jspecify.annotations.NullMarked;
