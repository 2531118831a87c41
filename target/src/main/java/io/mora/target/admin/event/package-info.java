/** What happened lately, kept in memory. */
@NullMarked
package io.mora.target.admin.event;

import org.jspecify.annotations.NullMarked;
