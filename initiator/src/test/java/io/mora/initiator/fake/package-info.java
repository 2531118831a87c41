/** A scripted controller: bytes over a socket on plain threads, made to misbehave at will. */
@NullMarked
package io.mora.initiator.fake;

import org.jspecify.annotations.NullMarked;
