/** System calls, block devices and the one errno table. */
@NullMarked
package io.mora.target.backend.os;

import org.jspecify.annotations.NullMarked;
