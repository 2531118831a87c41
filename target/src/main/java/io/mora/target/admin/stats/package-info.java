/** What the target has counted, read at a bounded rate however many ask. */
@NullMarked
package io.mora.target.admin.stats;

import org.jspecify.annotations.NullMarked;
