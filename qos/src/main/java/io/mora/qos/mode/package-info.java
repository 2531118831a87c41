/** Latency modes: the numbers each stands for, what it promises, and whether it was kept. */
@NullMarked
package io.mora.qos.mode;

import org.jspecify.annotations.NullMarked;
