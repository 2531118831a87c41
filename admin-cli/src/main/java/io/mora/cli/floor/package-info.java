/** The floor: a bare loopback exchange of the bytes of an I/O, with no NVMe in it. */
@NullMarked
package io.mora.cli.floor;

import org.jspecify.annotations.NullMarked;
