/** The pure scheduling core: arithmetic and ordering, told the time. */
@NullMarked
package io.mora.qos;

import org.jspecify.annotations.NullMarked;
