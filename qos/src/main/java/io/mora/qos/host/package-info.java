/** What a host may take: rates, leased to shards, and its weight among hosts. */
@NullMarked
package io.mora.qos.host;

import org.jspecify.annotations.NullMarked;
