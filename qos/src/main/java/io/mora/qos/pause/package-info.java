/** When the JVM's collector made this process stand still. */
@NullMarked
package io.mora.qos.pause;

import org.jspecify.annotations.NullMarked;
