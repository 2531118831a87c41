/** Secrets as they are written: sealed. */
@NullMarked
package io.mora.target.config.secret;

import org.jspecify.annotations.NullMarked;
