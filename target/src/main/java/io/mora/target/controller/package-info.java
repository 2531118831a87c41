/** What a command means: init, execute, complete. */
@NullMarked
package io.mora.target.controller;

import org.jspecify.annotations.NullMarked;
