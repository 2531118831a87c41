/** Faults on purpose, laid around any storage. */
@NullMarked
package io.mora.target.backend.fault;

import org.jspecify.annotations.NullMarked;
