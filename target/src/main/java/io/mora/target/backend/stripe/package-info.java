/** Several storages as one, in stripes. */
@NullMarked
package io.mora.target.backend.stripe;

import org.jspecify.annotations.NullMarked;
