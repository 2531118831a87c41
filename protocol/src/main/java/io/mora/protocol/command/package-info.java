/** Queue entries and commands: static layouts and code points. */
@NullMarked
package io.mora.protocol.command;

import org.jspecify.annotations.NullMarked;
