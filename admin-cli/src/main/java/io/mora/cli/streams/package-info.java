/** Several loads at once, each with an intent of its own, with hints and without. */
@NullMarked
package io.mora.cli.streams;

import org.jspecify.annotations.NullMarked;
