/** Commands that speak to a controller: discover, id-ctrl, list, read, write. */
@NullMarked
package io.mora.cli.nvme;

import org.jspecify.annotations.NullMarked;
