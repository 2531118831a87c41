/** Commands that change what a running daemon serves. */
@NullMarked
package io.mora.cli.manage;

import org.jspecify.annotations.NullMarked;
