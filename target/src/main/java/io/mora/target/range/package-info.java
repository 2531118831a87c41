/** Blocks of a namespace that one operation has to itself for a moment. */
@NullMarked
package io.mora.target.range;

import org.jspecify.annotations.NullMarked;
