/** A model of a storage device, laid around any storage. */
@NullMarked
package io.mora.target.backend.memory;

import org.jspecify.annotations.NullMarked;
