/**
 * What it takes to make a running target serve another spec, as values: what differs and why not.
 */
@NullMarked
package io.mora.target.live;

import org.jspecify.annotations.NullMarked;
