/** The page over TCP: its files, and sessions of browsers that have shown a token. */
@NullMarked
package io.mora.target.admin.web;

import org.jspecify.annotations.NullMarked;
