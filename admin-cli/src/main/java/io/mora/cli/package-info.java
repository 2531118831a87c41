/** The mora command. */
@NullMarked
package io.mora.cli;

import org.jspecify.annotations.NullMarked;
