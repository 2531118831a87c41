/** The configuration file on disk: replaced whole, with the versions before it. */
@NullMarked
package io.mora.target.config.store;

import org.jspecify.annotations.NullMarked;
