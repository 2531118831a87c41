/** What commands print: tables that fit a terminal, and JSON. */
@NullMarked
package io.mora.cli.output;

import org.jspecify.annotations.NullMarked;
