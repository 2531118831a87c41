/** Memory for data. */
@NullMarked
package io.mora.initiator.buffer;

import org.jspecify.annotations.NullMarked;
