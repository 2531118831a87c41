/** Log pages, a type each. */
@NullMarked
package io.mora.protocol.data.log;

import org.jspecify.annotations.NullMarked;
