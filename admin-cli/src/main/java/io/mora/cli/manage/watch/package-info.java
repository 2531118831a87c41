/** Commands that look at what a running daemon does. */
@NullMarked
package io.mora.cli.manage.watch;

import org.jspecify.annotations.NullMarked;
