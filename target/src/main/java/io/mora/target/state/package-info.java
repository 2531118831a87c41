/** What a target keeps that is no configuration: it is found again after a loss of power. */
@NullMarked
package io.mora.target.state;

import org.jspecify.annotations.NullMarked;
