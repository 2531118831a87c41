/** What a queue pair does with commands: slots, buffers, the turn. */
@NullMarked
package io.mora.target.controller.queue;

import org.jspecify.annotations.NullMarked;
