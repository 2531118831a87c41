/** The latency-intent extension v1: vendor fields that carry what an I/O is for. */
@NullMarked
package io.mora.protocol.intent;

import org.jspecify.annotations.NullMarked;
