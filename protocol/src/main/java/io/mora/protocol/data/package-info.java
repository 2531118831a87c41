/** Cold structures: Identify, log pages, Connect data. */
@NullMarked
package io.mora.protocol.data;

import org.jspecify.annotations.NullMarked;
