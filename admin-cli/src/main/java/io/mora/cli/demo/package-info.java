/** A target, a client and a measurement in one go. */
@NullMarked
package io.mora.cli.demo;

import org.jspecify.annotations.NullMarked;
