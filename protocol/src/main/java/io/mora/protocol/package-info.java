/** Validated values both ends share, and failure with a scope. */
@NullMarked
package io.mora.protocol;

import org.jspecify.annotations.NullMarked;
