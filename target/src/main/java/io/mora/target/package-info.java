/** The embeddable target and its main. */
@NullMarked
package io.mora.target;

import org.jspecify.annotations.NullMarked;
