/** The hot tier: memory in front of storage for what hosts say is hot. */
@NullMarked
package io.mora.target.cache;

import org.jspecify.annotations.NullMarked;
