/** The served model: immutable snapshots replaced whole. */
@NullMarked
package io.mora.target.subsystem;

import org.jspecify.annotations.NullMarked;
