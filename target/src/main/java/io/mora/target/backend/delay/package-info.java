/** A model of a storage device, laid around any storage. */
@NullMarked
package io.mora.target.backend.delay;

import org.jspecify.annotations.NullMarked;
